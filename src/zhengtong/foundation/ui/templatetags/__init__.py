"""The template library of the ui; a builtin, so that templates need not load it."""
