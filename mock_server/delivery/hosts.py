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
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
