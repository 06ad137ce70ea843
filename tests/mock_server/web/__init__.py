"""Tests of the mock server over HTTP."""
