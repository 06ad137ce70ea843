"""The model: what the contract makes of any sequence of steps, and the search for a sequence that a target gets wrong."""
