"""Tests of `mutants`."""
