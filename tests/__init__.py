"""Tests of our own code; the judge's tests of a target live in `contract_tests/`."""
