"""The error that a run cannot check its target. The command lines print its sentence and exit with 2."""

from __future__ import annotations


class CannotRun(Exception):
    """The run as a whole has no result: bad arguments, no target, no usable order. The message is one sentence."""


class NoTokenGiven(CannotRun):
    """No token was given for a live account, which needs one."""
