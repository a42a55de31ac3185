"""The administrators' door."""
