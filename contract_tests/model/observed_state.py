"""The observed state: what is known of orders and tokens, from world documents or from answers. Checks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from polar_contract.json_types import JsonObject

# Fields of an order in a world document that answers show unchanged.
_SHOWN_UNCHANGED = frozenset(
    {
        *("subtotal_amount", "discount_amount", "tax_amount", "applied_balance_amount", "currency", "billing_reason"),
        *("invoice_number", "created_at", "billing_name", "seats"),
    }
)
_NO_ADDRESS: JsonObject = dict.fromkeys(("line1", "line2", "postal_code", "city", "state", "country"))
_PAID_STATUSES = frozenset({"paid", "refunded", "partially_refunded"})


class TokenKind(StrEnum):
    """The kind of a token. The values are the names of the security schemes in the contract."""

    CUSTOMER = "customer_session"
    MEMBER = "member_session"
    ORGANIZATION = "access_token"


KIND_OF_PREFIX: Mapping[str, TokenKind] = {
    "polar_cst_": TokenKind.CUSTOMER,
    "polar_mst_": TokenKind.MEMBER,
    "polar_oat_": TokenKind.ORGANIZATION,
}


@dataclass(frozen=True, slots=True)
class KnownToken:
    """What is known of a token's owner. None means not known."""

    kind: TokenKind
    world: str | None = None
    customer_id: str | None = None
    role: str | None = None
    scopes: frozenset[str] | None = None
    is_expired: bool = False


@dataclass(slots=True)
class KnownOrder:
    """What is known of one order; None means not known. `seen` is its latest body, from either side of the API."""

    world: str | None = None
    customer_id: str | None = None
    is_paid: bool | None = None
    has_name: bool | None = None
    has_address: bool | None = None
    is_invoiced: bool | None = None
    seen: JsonObject = field(default_factory=dict)

    @property
    def has_billing(self) -> bool | None:
        """Whether the billing details for an invoice are complete; None when this is not known."""
        if self.has_name is False or self.has_address is False:
            return False
        return True if self.has_name and self.has_address else None

    def told(self, document: JsonObject) -> None:
        """Take over the values of a world document."""
        status = document.get("status", "paid")
        self.is_paid = status in _PAID_STATUSES
        shown = {name: value for name, value in document.items() if name in _SHOWN_UNCHANGED}
        if "billing_name" in document:
            self.has_name = document["billing_name"] is not None
        if "billing_address" in document:
            address = document["billing_address"]
            self.has_address = address is not None
            shown["billing_address"] = {**_NO_ADDRESS, **address} if isinstance(address, dict) else None
        self.seen = {**shown, "status": status, "customer_id": self.customer_id}
        self.is_invoiced = True if document.get("invoice") is not None else None

    def learn(self, body: JsonObject) -> None:
        """Take over the values that an answer shows."""
        self.seen = {**self.seen, **body}
        self.customer_id = str(body.get("customer_id"))
        self.is_paid = body.get("status") in _PAID_STATUSES
        self.has_name = body.get("billing_name") is not None
        self.has_address = body.get("billing_address") is not None
        if body.get("is_invoice_generated") is True:
            self.is_invoiced = True


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
