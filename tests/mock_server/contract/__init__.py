"""Tests of the law as the server uses it."""
