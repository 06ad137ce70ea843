"""`polar-sdk` 1.0.2: one client per token, a module per version of the API, of which `2026-04` is nearest to revision 0.1.0."""
