"""Tests of runs against a live account, simulated by a mock whose control API is hidden."""
