"""Tests of `contract_tests.offline`."""
