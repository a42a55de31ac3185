"""Stored files and papers: digest, type check, virus scan hook, encryption at rest; rendering and signing PDF."""
