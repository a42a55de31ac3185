"""Pages of the desk, one module a family of pages."""
