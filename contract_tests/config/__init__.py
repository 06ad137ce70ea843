"""Settings, permissions and credentials of a run, and the error for those that cannot be used."""
