"""Reset the TCP connection of one client: the HTTP library has no call for it, but the process owns the socket."""

from __future__ import annotations

import os
import socket
import stat
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

# On Linux and macOS: a file for each open descriptor of this process.
_DESCRIPTORS = Path("/dev/fd")
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)
_FAMILIES = (socket.AF_INET, socket.AF_INET6)

_End = tuple[IPv4Address | IPv6Address, int]


def reset_connection(client: str, server: str) -> bool:
    """Reset the connection between these two ends (`127.0.0.1:50123`, `[::1]:50123`); False if there is none.

    The library sees the end of the requests and closes the socket, which then sends a reset instead of an orderly end.
    Takes microseconds for each open descriptor.
    """
    ends = _end(client), _end(server)
    for connection in _connections():
        with closing(connection), suppress(OSError):
            if _ends(connection) == ends:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
                connection.shutdown(socket.SHUT_RD)
                return True
    return False


def _connections() -> Iterator[socket.socket]:
    """Every TCP socket of this process, as a duplicate: another thread may close the original at any time."""
    for file in _DESCRIPTORS.iterdir():
        with suppress(OSError):
            duplicate = os.dup(int(file.name))
            if not stat.S_ISSOCK(os.fstat(duplicate).st_mode):
                os.close(duplicate)
                continue
            connection = socket.socket(fileno=duplicate)
            if connection.family in _FAMILIES and connection.type == socket.SOCK_STREAM:
                yield connection
            else:
                connection.close()


def _ends(connection: socket.socket) -> tuple[_End, _End] | None:
    """The client's and the server's end; None if it is not connected."""
    try:
        (host, port, *_), (own_host, own_port, *_) = connection.getpeername(), connection.getsockname()
    except OSError:
        return None
    return (_address(host), port), (_address(own_host), own_port)


def _end(text: str) -> _End:
    host, _, port = text.rpartition(":")
    return _address(host), int(port)


def _address(text: str) -> IPv4Address | IPv6Address:
    """Without brackets and zone; an IPv4 address that an IPv6 socket shows is one of IPv4."""
    address = ip_address(text.strip("[]").partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address
