"""Parent processes that are killed: each starts a server, prints its address, and would wait for ever."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from os import getpid

from bench.processes import serving
from bench.targets import MOCK
from contract_tests.runner.workers import end_with_parent
from mock_server.testing import running_mock


@contextmanager
def _running_mock() -> Iterator[int]:
    with running_mock() as mock:
        yield mock.pid


@contextmanager
def _measured(*module: str, stdin: bytes = b"") -> Iterator[int]:
    with serving("server", module, stdin=stdin) as server:
        yield server.pid


@contextmanager
def _worker() -> Iterator[int]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=end_with_parent) as pool:
        yield pool.submit(getpid).result()


KINDS: dict[str, Callable[[], AbstractContextManager[int]]] = {
    "mock of a test": _running_mock,
    "mock of a measurement": partial(_measured, *MOCK),
    "yardstick": partial(_measured, "bench.trivial", stdin=b'{"id": "00000000-0000-4000-8000-000000000000"}'),
    "broken mock": partial(_measured, "tests.bench.broken_mock"),
    "worker of a run": _worker,
}

if __name__ == "__main__":
    with KINDS[sys.argv[1]]() as pid:
        print(pid, flush=True)
        time.sleep(600)
