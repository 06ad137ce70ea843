"""From a host's name to where it listens; a name server that does not answer holds up one thread, and nobody else."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread

IpAddresses = tuple[str, ...]
Resolve = Callable[[str], IpAddresses]

# In the order in which most systems have them, and known without asking.
_LOCALHOST = ("::1", "127.0.0.1")


def ask_the_system(host: str) -> IpAddresses:
    """Errors: OSError; UnicodeError for a name that can't be asked for."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(where[0]) for _, _, _, _, where in found))


class Lookups:
    """Looks names up, each in a thread of its own; whoever asks for one that is being looked up waits for the same answer.

    So there are never more of these threads than hosts that webhooks may go to.
    """

    def __init__(self, resolve: Resolve = ask_the_system) -> None:
        self._resolve = resolve
        self._lock = Lock()
        self._under_way: dict[str, Future[IpAddresses]] = {}

    def find(self, host: str) -> Future[IpAddresses]:
        known = _without_asking(host)
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
        except Exception as error:  # told to whoever waits for the answer
            self._forget(host)
            answer.set_exception(error)
        else:
            self._forget(host)
            answer.set_result(found)

    def _forget(self, host: str) -> None:
        with self._lock:
            del self._under_way[host]


def _without_asking(host: str) -> IpAddresses:
    if host == "localhost":
        return _LOCALHOST
    try:
        return (str(ipaddress.ip_address(host)),)
    except ValueError:
        return ()
