"""The demonstration city: one district with its agencies, people, enterprises and a year of food licences."""
