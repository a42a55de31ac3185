"""What each page of the portal shows: read through the queries of the floors below, made plain for templates."""
