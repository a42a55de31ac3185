"""What each may do: permissions, roles, grants with scope and time, and why."""
