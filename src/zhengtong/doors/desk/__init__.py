"""The officials' door: inbox, case workspace, decisions."""
