"""Who: people, organisations, posts, and what they may do."""
