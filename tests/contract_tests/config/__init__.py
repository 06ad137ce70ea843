"""Tests of contract_tests/config/."""
