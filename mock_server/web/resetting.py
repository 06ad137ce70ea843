"""Reset the TCP connection of one client: the HTTP library has no call for it, but the process owns the socket."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

# On Linux and macOS: an entry for each open descriptor of this process.
_DESCRIPTORS = "/dev/fd"
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)

_Address = IPv4Address | IPv6Address


class _End(NamedTuple):
    address: _Address
    port: int


def reset_connection(client: str, server: str) -> bool:
    """Reset the connection between these two ends (`127.0.0.1:50123`, `[::1]:50123`); False if there is none.

    The library sees the end of the requests and closes the socket, which then sends a reset instead of an orderly end.
    Takes microseconds for each open descriptor.
    """
    ends = _end(client), _end(server)
    for descriptor in _descriptors_with_peer(port=ends[0].port):
        with suppress(OSError), closing(socket.socket(fileno=os.dup(descriptor))) as connection:
            # Looked at once more: the library may have closed the descriptor, and opened another one with its number.
            if _is_between(connection, *ends):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
                connection.shutdown(socket.SHUT_RD)
                return True
    return False


def _descriptors_with_peer(port: int) -> Iterator[int]:
    """The sockets of this process whose other end has this port."""
    for name in os.listdir(_DESCRIPTORS):  # noqa: PTH208  there may be many thousands, and a path takes longer than the look
        with suppress(OSError):
            look = socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=int(name))
            try:
                peer = look.getpeername()
            finally:
                # The descriptor is not ours to close.
                look.detach()
            if isinstance(peer, tuple) and peer[1] == port:
                yield int(name)


def _is_between(connection: socket.socket, client: _End, server: _End) -> bool:
    """Whether these are its ends. A server that listens on all addresses has none of its own. Errors: OSError, if it is not connected."""
    (host, port, *_), (own_host, own_port, *_) = connection.getpeername(), connection.getsockname()
    is_of_server = own_port == server.port and (server.address.is_unspecified or _address(own_host) == server.address)
    return is_of_server and port == client.port and _address(host) == client.address


def _end(text: str) -> _End:
    host, _, port = text.rpartition(":")
    return _End(_address(host), int(port))


def _address(text: str) -> _Address:
    """Without brackets and zone; an IPv4 address that an IPv6 socket shows is one of IPv4."""
    address = ip_address(text.strip("[]").partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address
