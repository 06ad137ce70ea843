"""Tests of the mock server's command line."""
