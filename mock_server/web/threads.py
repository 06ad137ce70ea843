"""Threads for calls that may take long, so that they block neither the event loop nor each other."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor

from mock_server.services.downloads import DOWNLOAD_ROOTS

_CONTROL_ROOT = "/_mock/"
# Calls that run jobs wait for receivers of webhooks: they have threads of their own, because all of them may hang.
_CALLS_THAT_RUN_JOBS = ("/settle", "/clock")
_MOST_WAITING = 128
_MOST_WORKING = 16


class Threads:
    def __init__(self) -> None:
        self._waiting = ThreadPoolExecutor(_MOST_WAITING, thread_name_prefix="jobs of a call")
        self._working = ThreadPoolExecutor(_MOST_WORKING, thread_name_prefix="control call")

    def of(self, path: str) -> Executor | None:
        """The threads for this path; None if the call is as quick as the hand-over to a thread."""
        if path.startswith(_CONTROL_ROOT):
            return self._waiting if path.endswith(_CALLS_THAT_RUN_JOBS) else self._working
        return self._working if path.startswith(DOWNLOAD_ROOTS) else None

    def stop(self) -> None:
        """Start no more calls; running ones are not waited for."""
        for threads in (self._waiting, self._working):
            threads.shutdown(wait=False, cancel_futures=True)
