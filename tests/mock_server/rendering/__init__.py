"""Tests of the invoice documents."""
