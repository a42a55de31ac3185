"""Running clocks of any subject: last days, lights, day-by-day derivations."""
