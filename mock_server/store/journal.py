"""The journal: the last requests with their responses, as many as are wanted and as fit."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile
from threading import Lock
from typing import Any, NamedTuple

from mock_server.domain.jobs import Job
from mock_server.domain.sessions import Credential

KEPT_BODY_BYTES = 64 * 1024
"""Of a longer body only the beginning is kept."""
# A list of 100 orders takes 200 kB.
_MOST_BYTES = 64 * 1024 * 1024
# About what a request takes besides its texts: the entry itself and the tables of its headers.
_BYTES_EACH = 2_000


class Changes(NamedTuple):
    """What a request changed."""

    ids: Mapping[str, tuple[str, ...]]
    """By the name of the table: orders, customers, events (raised by it), ..."""
    jobs: tuple[Job, ...] = ()
    """Scheduled by it."""


NO_CHANGES = Changes({})


class Entry(NamedTuple):
    """One request and its response, kept as they were: what a reader sees is written, and cleared of secrets, when it is asked for."""

    at: datetime
    """By the world's clock."""
    method: str
    path: str
    query: str
    environ: Mapping[str, Any]
    """The request's headers are in it, named as in WSGI."""
    body: bytes
    """The beginning of the request's body."""
    credential: Credential | None
    operation_id: str | None
    """The contract's operation; None for a request that was answered before its operation was known."""
    path_parameters: Mapping[str, str]
    status: int
    headers: tuple[tuple[str, str], ...]
    answer: bytes
    changes: Changes = NO_CHANGES
    fault: str | None = None
    """The id of the fault that struck."""
    text_bytes: int = 0
    """About how long its address, its headers and both bodies are."""


Numbered = tuple[int, Entry]
"""Numbers count up from 1 in each journal and are never used again."""


class Journal:
    """The last entries, oldest first. Threads may add and read at any time."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._entries: deque[Numbered] = deque()
        self._most_bytes = most_bytes
        self._bytes = 0
        self._last = 0
        self._lock = Lock()

    @property
    def last_number(self) -> int:
        """The number of the newest entry that there has been."""
        return self._last

    @property
    def entries(self) -> tuple[Numbered, ...]:
        return self.after(0)

    def after(self, number: int) -> tuple[Numbered, ...]:
        """The entries that came after the one with this number."""
        with self._lock:
            newer = tuple(takewhile(lambda numbered: numbered[0] > number, reversed(self._entries)))
        return newer[::-1]

    def add(self, entry: Entry, most: int) -> None:
        """Add an entry; forget old ones until no more than `most` are left, and no more bytes than fit."""
        entries = self._entries
        with self._lock:
            self._last += 1
            entries.append((self._last, entry))
            self._bytes += entry.text_bytes + _BYTES_EACH
            while len(entries) > most or self._bytes > self._most_bytes:
                self._bytes -= entries.popleft()[1].text_bytes + _BYTES_EACH

    def clear(self) -> None:
        """Forget all entries; the numbers go on."""
        self.forget_after(0)

    def forget_after(self, number: int) -> None:
        """Forget the entries that came after the one with this number; the numbers go on."""
        with self._lock:
            while self._entries and self._entries[-1][0] > number:
                self._bytes -= self._entries.pop()[1].text_bytes + _BYTES_EACH
