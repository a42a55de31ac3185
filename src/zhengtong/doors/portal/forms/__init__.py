"""Between what a browser sends and what a verb takes."""
