"""The coverage core: every equivalence class of every operation, as rows of readable tables, and how a row becomes a request."""
