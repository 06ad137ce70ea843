"""`polar-sdk` 1.0.2: one client per token, a module per API version, of which `2026-04` is nearest to revision 0.1.0."""
