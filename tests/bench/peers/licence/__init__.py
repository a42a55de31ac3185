"""An app for the peer: django-viewflow wants its flows in one."""
