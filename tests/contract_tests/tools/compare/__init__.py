"""Tests of comparing two targets."""
