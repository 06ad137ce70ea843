"""Tests of `polar-contract drift`."""
