"""Ways in: portal, desk, console, API and command line."""
