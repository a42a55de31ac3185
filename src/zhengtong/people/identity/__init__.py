"""Who there is: people, organisations, posts, mandates and the accounts they sign in with."""
