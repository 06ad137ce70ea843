"""Settings of Python: no search for unreachable cycles during a start, few while the mock serves, short turns between threads."""

from __future__ import annotations

import subprocess
import sys

_START = """
import gc, sys
from mock_server.__main__ import main
searches = []
gc.callbacks.append(lambda phase, _: searches.append(phase))

def run(*_):
    print(len(searches), gc.isenabled(), gc.get_threshold()[0], gc.get_freeze_count() > 10_000, sys.getswitchinterval())

from mock_server.serving import server
server.Serving.run = run
searches.clear()
main(["serve", "--port", "0"])
"""


def test_when_the_mock_starts_then_nothing_is_searched_before_it_serves_and_little_in_short_turns_afterwards() -> None:
    done = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["0", "True", "10000", "True", "0.001"]
