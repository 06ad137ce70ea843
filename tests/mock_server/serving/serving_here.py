"""A server in a thread of the tests' own process, with any WSGI application."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mock_server.serving.access_log import AccessLog
from mock_server.serving.listening import listen
from mock_server.serving.server import Serving

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

START_SECONDS = 60.0


@contextmanager
def serving_here(
    app: WSGIApplication,
    *,
    body_seconds: float = 60.0,
    api_body_bytes: Callable[[], int] = lambda: 2**20,
    host: str = "127.0.0.1",
    access_log: AccessLog | None = None,
) -> Iterator[int]:
    """The port that it serves on until the block ends."""
    listening = listen(host, 0)
    serving = Serving(app, listening, body_seconds=body_seconds, api_body_bytes=api_body_bytes, access_log=access_log)
    ready = threading.Event()
    thread = threading.Thread(target=serving.run, args=(ready.set,))
    thread.start()
    try:
        assert ready.wait(START_SECONDS)
        yield listening.port
    finally:
        serving.stop()
        thread.join()
