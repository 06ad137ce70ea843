"""Tests of `polar-contract changes`."""
