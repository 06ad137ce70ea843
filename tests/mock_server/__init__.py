"""Tests of the mock: actor."""
