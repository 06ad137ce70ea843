"""Loads the command-line options of the contract tests, and nothing else."""

pytest_plugins = ["contract_tests.runner.pytest_options"]
