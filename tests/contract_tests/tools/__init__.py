"""Tests of contract_tests/tools/."""
