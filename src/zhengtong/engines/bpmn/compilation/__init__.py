"""From a document to a graph that can be stepped through, or everything that stands in the way."""
