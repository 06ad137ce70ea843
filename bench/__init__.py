"""Benchmarks of the mock beside a trivial application, and hostile requests against the mock. Not part of any wheel."""
