"""The error that a run cannot check its target. The command lines print its sentence; without findings the exit code is 2."""

from __future__ import annotations


class CannotRun(Exception):
    """The run cannot begin or go on: bad arguments, no target, an account without orders. The message is one sentence."""


class NotPutBack(CannotRun):
    """The run changed an order and could not put it back: nothing more may be sent that changes the account."""


class NoTokenGiven(CannotRun):
    """No token was given for a live account, which needs one."""
