"""Tests of contract_tests/cli/."""
