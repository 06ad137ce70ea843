"""The reports of a run, for people and for programs. Everything is redacted before it is written."""
