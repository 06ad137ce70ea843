"""Planted defects: single faults in front of the good mock, each of which the contract tests have to catch. `python -m mutants`."""
