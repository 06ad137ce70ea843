"""Resolve host names for webhooks; a name server that does not answer blocks one thread and no caller of another host."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from threading import Lock, Thread

IpAddresses = tuple[str, ...]
Resolve = Callable[[str], IpAddresses]

# The fixed addresses of localhost, in the order of most systems, without a lookup.
_LOCALHOST = ("::1", "127.0.0.1")


def ask_the_system(host: str) -> IpAddresses:
    """Errors: OSError; UnicodeError for a name that can't be encoded for DNS."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(where[0]) for _, _, _, _, where in found))


class Lookups:
    """Resolves names, each in its own thread; callers that ask for a name under lookup wait for the same result.

    So there are never more of these threads than hosts that may receive webhooks.
    """

    def __init__(self, resolve: Resolve = ask_the_system) -> None:
        self._resolve = resolve
        self._lock = Lock()
        self._under_way: dict[str, Future[IpAddresses]] = {}

    def find(self, host: str) -> Future[IpAddresses]:
        known = _without_a_lookup(host)
        if known:
            answer: Future[IpAddresses] = Future()
            answer.set_result(known)
            return answer
        with self._lock:
            if host not in self._under_way:
                asked: Future[IpAddresses] = Future()
                Thread(target=self._look_up, args=(host, asked), name="lookup", daemon=True).start()
                self._under_way[host] = asked
            return self._under_way[host]

    def _look_up(self, host: str, answer: Future[IpAddresses]) -> None:
        try:
            found = self._resolve(host)
        except Exception as error:  # passed on to every waiting caller
            self._forget(host)
            answer.set_exception(error)
        else:
            self._forget(host)
            answer.set_result(found)

    def _forget(self, host: str) -> None:
        with self._lock:
            del self._under_way[host]


@lru_cache(maxsize=256)
def _without_a_lookup(host: str) -> IpAddresses:
    if host == "localhost":
        return _LOCALHOST
    try:
        return (str(ipaddress.ip_address(host)),)
    except ValueError:
        return ()
