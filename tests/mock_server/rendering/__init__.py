"""Tests of the mock: rendering."""
