"""Tests of this project's own code; the tests of a target are in `contract_tests/`."""
