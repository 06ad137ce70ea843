"""Tests of the mock server's store."""
