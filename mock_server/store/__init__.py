"""State behind a small protocol, in memory: worlds, what is in them, and transactions that commit whole."""
