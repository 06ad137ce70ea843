"""The judge's command-line options, and nothing else."""

from contract_tests.options import pytest_addoption

__all__ = ["pytest_addoption"]
