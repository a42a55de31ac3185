"""The approval verbs: others are asked, work is sent back, a completed task is taken back."""
