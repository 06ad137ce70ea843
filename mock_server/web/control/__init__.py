"""The control API under `/_mock`: worlds, their orders, their clock and their history. The service has no such API."""
