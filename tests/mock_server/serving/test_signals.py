"""The first stop request stops the server in order; the second ends the process at once."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

# Its stop never ends, and the guard that ends it anyway fires much later.
_STUCK = """
from mock_server.serving import signals
blocked = signals.block_stop_signals()
import threading
signals._LONGEST_STOP_SECONDS = 3600.0
requests = signals.StopRequests(blocked)
def stop():
    print("stopping", flush=True)
    threading.Event().wait()
requests.stop_with(stop)
requests.at_exit(lambda: print("ended", flush=True))
requests.heed()
print("ready", flush=True)
threading.Event().wait()
"""


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_when_it_is_asked_to_stop_for_a_second_time_then_it_ends_even_if_the_stop_still_waits(
    second: signal.Signals,
) -> None:
    with subprocess.Popen([sys.executable, "-c", _STUCK], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "stopping\n"
        process.send_signal(second)
        assert process.stdout.read() == "ended\n"
        assert process.wait() == 0


_STOPPED = """
import asyncio, os
from mock_server.serving.listening import listen
from mock_server.serving.server import Serving

def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

def ended():
    asyncio.get_running_loop()
    os._exit(7)

serving = Serving(app, listen("127.0.0.1", 0), body_seconds=10, api_body_bytes=lambda: 1024)
serving.run(serving.stop, ended)
"""


def test_when_the_server_has_stopped_then_the_process_can_exit_before_the_event_loop_is_closed() -> None:
    """Closing it prints a warning for each request that arrived and was not started."""
    ended = subprocess.run([sys.executable, "-c", _STOPPED], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (7, "", "")
