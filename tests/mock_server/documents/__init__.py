"""Tests of world documents."""
