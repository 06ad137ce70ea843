"""Tests of capturing an account."""
