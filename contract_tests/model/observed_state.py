"""The observed state: what is known of orders and tokens, from world documents or from answers. Checks nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from contract_tests.model.known import KIND_OF_PREFIX, REFUSED_TOKEN, KnownOrder, KnownToken, Lack


@dataclass(slots=True)
class ObservedState:
    """All known orders by id, and tokens by their text. `is_complete`: everything else does not exist.

    `is_shared`: others may change billing details during the run, as on a live account. `is_partial`: some requests were
    not recorded, so one answer says nothing about the next.
    """

    orders: dict[str, KnownOrder] = field(default_factory=dict)
    tokens: dict[str, KnownToken] = field(default_factory=dict)
    is_complete: bool = False
    is_shared: bool = False
    is_partial: bool = False

    def token(self, text: str) -> KnownToken | None:
        """What is known of a token; at least its kind, by its prefix. None for an unknown token."""
        known = self.tokens.get(text)
        if known is not None or self.is_complete:
            return known
        return next((KnownToken(kind) for prefix, kind in KIND_OF_PREFIX.items() if text.startswith(prefix)), None)

    def caller(self, token: str | None) -> KnownToken | Lack:
        """The owner of a token. ABSENT: no token was sent. A token that does not exist is an expired one."""
        if token is None:
            return Lack.ABSENT
        known = self.token(token)
        if known is None:
            return REFUSED_TOKEN if self.is_complete else Lack.UNKNOWN
        return known

    def has_object(self, identifier: str) -> bool | None:
        """Nothing is observed of webhook endpoints and events."""
        return None

    def order(self, identifier: str) -> KnownOrder | Lack:
        """The order with this id, without billing details that others may have changed."""
        known = self.orders.get(identifier)
        if known is None:
            return Lack.ABSENT if self.is_complete else Lack.UNKNOWN
        return replace(known, has_name=None, has_address=None) if self.is_shared else known
