"""Tests of `contract_tests.capturing`."""
