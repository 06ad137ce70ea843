"""A pytest plugin: one mock server for a run, a fresh world for each test. It uses the standard library and pytest alone."""
