"""Run `polar-mock` as `python -m mock_server`; the default command is `serve`. Signals are blocked before other modules load."""

from __future__ import annotations

import signal
import sys

from mock_server.serving.interpreter import set_for_start
from mock_server.serving.signals import StopRequests, block_stop_signals


def main(arguments: list[str] | None = None, *, prog_name: str = "polar-mock") -> None:
    given = sys.argv[1:] if arguments is None else arguments
    stop = _requests_to_stop() if given[:1] == ["serve"] else None
    if stop is None:
        _end_conventionally()
    else:
        set_for_start()
    # The other imports take a while; from here on a stop signal is handled.
    from mock_server.cli import main as run

    run(args=given, prog_name=prog_name, obj=stop)


def _requests_to_stop() -> StopRequests:
    stop = StopRequests(block_stop_signals())
    stop.heed()
    return stop


def _end_conventionally() -> None:
    """End other commands on Ctrl-C by the signal itself (exit code 130 in a shell), without a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main(sys.argv[1:] or ["serve"], prog_name="python -m mock_server")
