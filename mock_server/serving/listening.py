"""Open listening sockets for a host and port, with a message for each reason why that fails."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from contextlib import ExitStack
from dataclasses import dataclass

# The kernel may lower it.
_BACKLOG = 4096
_STALLED_READER_MILLISECONDS = 30_000
_ATTEMPTS_AT_A_FREE_PORT = 20
_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104  compared, not bound
# A name may have addresses of a family that this machine does not use.
_UNSUPPORTED_FAMILY = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
_REASONS = {
    errno.EADDRINUSE: "another program listens there; choose another port with --port (0: any free one)",
    errno.EACCES: "this port needs more rights; choose one above 1023 with --port",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose another with --host",
}
_Address = tuple[socket.AddressFamily, str]


class CannotListen(Exception):
    """The message names the address, the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Sockets of one port: one, or one for each address that the host name has."""

    host: str
    """The host as requested; every spelling of the wildcard address becomes `0.0.0.0` or `::`."""
    port: int
    sockets: tuple[socket.socket, ...]

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        addresses = (str(listener.getsockname()[0]).partition("%")[0] for listener in self.sockets)
        return all(ipaddress.ip_address(address).is_loopback for address in addresses)

    def close(self) -> None:
        for listener in self.sockets:
            listener.close()


def listen(host: str, port: int) -> Listening:
    """Resolve the host and listen on each of its addresses; `localhost` often has two. Port 0: any free one.

    Errors: CannotListen.
    """
    addresses = _resolve(host, port)
    try:
        for _ in range(_ATTEMPTS_AT_A_FREE_PORT if port == 0 else 1):
            sockets = _bind_all(addresses, port)
            if sockets:
                wildcard = next((address for _, address in addresses if address in _WILDCARDS), None)
                return Listening(wildcard or host, sockets[0].getsockname()[1], sockets)
    except OSError as error:
        raise _cannot(host, port, _REASONS.get(error.errno or 0) or os.strerror(error.errno or 0)) from None
    raise _cannot(host, port, "no port is free on all of its addresses; name one with --port")


def _resolve(host: str, port: int) -> list[_Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        found = []
    if not host or not found:
        raise _cannot(host, port, "this name has no address; write an address such as 127.0.0.1 with --host")
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def _bind_all(addresses: list[_Address], port: int) -> tuple[socket.socket, ...]:
    """A socket for each address, all on one port; none if port 0 gave a port that is not free on another address.

    Errors: OSError.
    """
    with ExitStack() as opened:
        sockets: list[socket.socket] = []
        refused: OSError | None = None
        for address in addresses:
            try:
                sockets.append(_bind(address, sockets[0].getsockname()[1] if sockets else port, opened))
            except OSError as error:
                if port == 0 and sockets and error.errno == errno.EADDRINUSE:
                    return ()
                if error.errno not in _UNSUPPORTED_FAMILY:
                    raise
                refused = error
        if refused is not None and not sockets:
            raise refused
        opened.pop_all()
        return tuple(sockets)


def _bind(address: _Address, port: int, opened: ExitStack) -> socket.socket:
    family, host = address
    listener = opened.enter_context(socket.socket(family, socket.SOCK_STREAM))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit both options: small responses leave at once, and a client that reads nothing for this long is disconnected.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STALLED_READER_MILLISECONDS)
    listener.bind((host, port))
    listener.listen(_BACKLOG)
    return listener


def _cannot(host: str, port: int, why: str) -> CannotListen:
    return CannotListen(f"can't listen on {host}:{port}: {why}")
