"""State in memory behind a small protocol: worlds, their contents, and atomic transactions."""
