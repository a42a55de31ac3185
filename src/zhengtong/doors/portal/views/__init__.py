"""Pages of the portal, a module a theme: each takes a request, calls one verb or read, and draws a page."""
