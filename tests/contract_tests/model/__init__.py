"""Tests of the model and of the search for stories that a target answers wrongly."""
