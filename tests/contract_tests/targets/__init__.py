"""Tests of contract_tests/targets/."""
