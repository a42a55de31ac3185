"""The ground: errors, clock, identifiers, the write gate, fixed statements and the one Registry."""
