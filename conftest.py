"""The command-line options of the contract tests, and nothing else."""

from contract_tests.runner.pytest_options import pytest_addoption

__all__ = ["pytest_addoption"]
