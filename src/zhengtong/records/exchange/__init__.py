"""Facts asked of other authorities: asked once, with the lineage of every answer."""
