"""Our PostgreSQL backend: Django's own, fit for transactions that send several statements in one round trip."""
