"""Tests of the mock: store."""
