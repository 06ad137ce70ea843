"""Planted defects: single faults in front of the good mock, each of which the judge has to catch. `python -m mutants`."""
