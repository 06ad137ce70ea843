"""Tests of contract_tests/suites/stateful/."""
