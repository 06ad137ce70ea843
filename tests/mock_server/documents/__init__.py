"""Tests of the mock: documents."""
