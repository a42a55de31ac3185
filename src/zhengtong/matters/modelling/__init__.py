"""Models of processes before they are used: drafts, their check and review, published versions that never change."""
