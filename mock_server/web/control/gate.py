"""Who may use the control API: everyone on loopback; elsewhere only who knows the key."""

from __future__ import annotations

import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ControlGate:
    key: str | None
    """None: the server listens on loopback and asks for no key."""

    def admits(self, shown: str | None) -> bool:
        if self.key is None:
            return True
        return shown is not None and hmac.compare_digest(shown.encode("utf-8", "replace"), self.key.encode())
