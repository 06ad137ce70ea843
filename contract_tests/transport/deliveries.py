"""One webhook request as a receiver got it. Checks nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from polar_contract.json_types import JsonObject, as_object


@dataclass(frozen=True, slots=True)
class Delivery:
    """One received request: `headers` by lower-case name, `received_at` in seconds of wall time, `answered` the status sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    received_at: float
    answered: int

    @property
    def event_id(self) -> str:
        """The id that is the same for every attempt."""
        return self.headers.get("webhook-id", "")

    def event(self) -> JsonObject:
        """The parsed body; empty when it is not a JSON object."""
        try:
            return as_object(json.loads(self.body))
        except ValueError:
            return {}

    @property
    def type(self) -> str:
        """The event's type, as in `order.updated`."""
        return str(self.event().get("type"))

    def transcript(self) -> str:
        """The request as text."""
        lines = [f"{self.method} {self.path}", *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\n".join([*lines, "", self.body.decode("utf-8", "replace")])
