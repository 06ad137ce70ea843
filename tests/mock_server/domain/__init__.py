"""Tests of the mock: domain."""
