"""Service items: from packs and imported lists, versioned, immutable once used."""
