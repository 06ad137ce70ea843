"""Send bytes to a socket and read the outcome: statuses, no response, or a closed connection. Does not rate the outcome."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from enum import StrEnum

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TIMEOUT_SECONDS = 20.0
_SHORT_TIMEOUT_SECONDS = 0.25


class NoStatus(StrEnum):
    """How an exchange can end without an answer."""

    RESET = "connection reset"
    CLOSED = "closed without an answer"
    NO_RESPONSE = "no answer in time"


@dataclass(frozen=True, slots=True)
class Outcome:
    statuses: tuple[int, ...]
    """All answers on the connection: bytes after a request can be read as a second one."""
    ending: NoStatus | None
    answer: bytes


def send(port: int, wire: bytes, *, may_wait: bool) -> Outcome:
    """One connection, one request, and everything that the server sends until it closes or stops sending."""
    received = bytearray()
    ending = NoStatus.CLOSED
    with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_SECONDS) as opened:
        try:
            opened.sendall(wire)
        except OSError:
            # The server refused before it read everything; an answer may have come nevertheless.
            ending = NoStatus.RESET
        opened.settimeout(_SHORT_TIMEOUT_SECONDS if may_wait else _TIMEOUT_SECONDS)
        try:
            while chunk := opened.recv(65_536):
                received += chunk
                opened.settimeout(_SHORT_TIMEOUT_SECONDS)
        except TimeoutError:
            ending = NoStatus.NO_RESPONSE
        except OSError:
            ending = NoStatus.RESET
    statuses = read_statuses(bytes(received), has_bodies=not wire.startswith(b"HEAD "))
    return Outcome(statuses, None if statuses else ending, bytes(received))


def read_statuses(received: bytes, *, has_bodies: bool) -> tuple[int, ...]:
    """The statuses of consecutive answers; those within a body are not read. 100 Continue does not count."""
    statuses: list[int] = []
    at = 0
    while line := _STATUS_LINE.match(received, at):
        end = received.find(b"\r\n\r\n", at)
        length = _LENGTH.search(received, at, end)
        statuses.append(int(line[1]))
        if end < 0 or not has_bodies:
            break
        at = end + 4 + (int(length[1]) if length else 0)
    return tuple(status for status in statuses if status != 100)
