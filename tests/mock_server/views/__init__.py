"""Tests of the mock server's domain layer."""
