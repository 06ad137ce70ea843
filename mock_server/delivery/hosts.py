"""Where webhooks may go: to this machine, and to hosts that were named when the server was started."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

ALLOW_OPTION = "--allow-webhook-hosts"


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """`allowed`: lower-case host names beyond loopback."""

    allowed: frozenset[str] = frozenset()

    def refusal(self, host: str) -> str | None:
        """Why a host is not called, or None when it may be. No name is looked up, so none can lead elsewhere."""
        if is_loopback(host) or host in self.allowed:
            return None
        return f"Not sent: webhooks go to this machine only; start the mock with {ALLOW_OPTION} {host} to allow it."


def is_loopback(host: str) -> bool:
    address = address_of(host)
    return host == "localhost" if address is None else address.is_loopback


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is, None for a name. `::ffff:127.0.0.1` is 127.0.0.1, which interpreters before 3.13 don't know."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address
