"""What the system tells people: an inbox, and e-mail through a provider; delivered at least once."""
