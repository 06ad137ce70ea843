"""Tests of `polar_contract`."""
