"""Run `polar-mock` as `python -m mock_server`; the default command is `serve`. Signals are blocked before other modules load."""

from __future__ import annotations

import signal
import sys

from mock_server.serving.commands import CommandSignals
from mock_server.serving.interpreter import set_for_start
from mock_server.serving.signals import StopRequests, block_stop_signals


def main(arguments: list[str] | None = None, *, prog_name: str = "polar-mock") -> None:
    given = sys.argv[1:] if arguments is None else arguments
    signals = _signals(given[:1])
    if signals is None:
        _end_conventionally()
    else:
        set_for_start()
    # The other imports take a while; from here on a stop signal is handled.
    from mock_server.cli import main as run

    run(args=given, prog_name=prog_name, obj=signals)


def _signals(command: list[str]) -> StopRequests | CommandSignals | None:
    """How a command that serves handles signals; None for other commands."""
    if command not in (["serve"], ["exec"]):
        return None
    signals = StopRequests(block_stop_signals()) if command == ["serve"] else CommandSignals()
    signals.heed()
    return signals


def _end_conventionally() -> None:
    """End other commands on Ctrl-C by the signal itself (exit code 130 in a shell), without a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main(sys.argv[1:] or ["serve"], prog_name="python -m mock_server")
