"""The control API under `/_mock`: worlds, their orders, their clock, and what happened in them. The mock's alone."""
