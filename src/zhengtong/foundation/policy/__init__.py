"""The kernel of access: actors, scope tokens, predicates and their compilers; no tables of its own."""
