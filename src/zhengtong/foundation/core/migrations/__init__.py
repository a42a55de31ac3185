"""How the tables of the ground floor came to be."""
