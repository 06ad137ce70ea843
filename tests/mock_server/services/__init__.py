"""Tests of the mock: services."""
