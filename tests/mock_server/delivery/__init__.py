"""Tests of the mock server's webhook delivery."""
