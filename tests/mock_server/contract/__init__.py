"""Tests of the contract as the server uses it."""
