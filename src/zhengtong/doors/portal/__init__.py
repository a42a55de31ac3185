"""The citizens' door: find, apply, follow, judge; and the public checks."""
