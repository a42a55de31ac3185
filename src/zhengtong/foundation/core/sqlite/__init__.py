"""Our SQLite backend: Django's own, made durable, and with writers who queue instead of polling."""
