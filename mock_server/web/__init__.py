"""The HTTP layer: the only layer that imports Flask and knows status codes."""
