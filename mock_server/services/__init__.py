"""The use cases of the mock server, one function each; state changes, events and jobs commit together."""
