"""The programmes' door: the same verbs over HTTP, described by OpenAPI."""
