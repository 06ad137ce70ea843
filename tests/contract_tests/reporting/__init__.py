"""Tests of `contract_tests.reporting`."""
