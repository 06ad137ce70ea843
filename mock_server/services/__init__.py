"""One plain function for each thing that a caller may want; state changes, events and jobs commit together."""
