"""What happened, append-only: sealed events, proofs for outsiders, and what follows an event after its commit."""
