"""Tests of the mock: cli."""
