"""What is known: official records and facts asked of other authorities."""
