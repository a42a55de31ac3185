"""The one scope that everybody has."""

PUBLIC = "public"
