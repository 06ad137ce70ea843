"""Tests of contract_tests/suites/cases/."""
