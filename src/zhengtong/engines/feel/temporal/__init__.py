"""Dates, times, time zones and durations as FEEL has them (DMN 1.5 §10.3.2.3)."""
