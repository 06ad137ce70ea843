"""Tests of the mock: views."""
