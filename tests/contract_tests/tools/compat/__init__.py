"""Tests of `polar-contract compat`."""
