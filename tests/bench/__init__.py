"""Tests of the measurements and of the hostile requests."""
