"""The base of official records: valid in time, with their source case; corrections never overwrite."""
