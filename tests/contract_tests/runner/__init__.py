"""Tests of contract_tests/runner/."""
