"""`polar-sdk` 1.0.2: one client per token, and a module per API version, `polar.v2026_04` and later, that sends it."""
