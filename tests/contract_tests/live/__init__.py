"""Tests of judging a live account, played by a mock that does not say that it is one."""
