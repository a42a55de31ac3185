"""The administrators' door: people, grants, calendars, health."""
