"""Tests of the mock: delivery."""
