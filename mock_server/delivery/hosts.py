"""Which hosts may receive webhooks: this machine, and hosts that were named when the server was started."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

ALLOW_OPTION = "--allow-webhook-hosts"


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """`allowed`: lower-case host names beyond loopback."""

    allowed: frozenset[str] = frozenset()

    def refusal(self, host: str) -> str | None:
        """The reason why a host may not be called, or None if it may. No name is resolved, so DNS can't redirect a request."""
        if is_loopback(host) or host in self.allowed:
            return None
        return f"Not sent: webhooks go to this machine only; start the mock with {ALLOW_OPTION} {host} to allow it."


def is_loopback(host: str) -> bool:
    address = address_of(host)
    return host == "localhost" if address is None else address.is_loopback


@lru_cache(maxsize=256)
def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host is, None for a name; remembered, because most requests name the same host.

    `::ffff:127.0.0.1` becomes 127.0.0.1, which Python before 3.13 does not do.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address
