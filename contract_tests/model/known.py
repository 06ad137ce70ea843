"""What is known of tokens and orders. Each fact is known, known to be absent, or unknown; no fact is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import Protocol

from polar_contract.json_types import JsonObject

# Refunded orders count as paid. Source: observed on the service, April 2026.
PAID_STATUSES = frozenset({"paid", "refunded", "partially_refunded"})
# Fields of an order in a world document that answers show unchanged.
_SHOWN_UNCHANGED = frozenset(
    {
        *("subtotal_amount", "discount_amount", "tax_amount", "applied_balance_amount", "currency", "billing_reason"),
        *("invoice_number", "receipt_number", "created_at", "billing_name", "seats"),
    }
)
_NO_ADDRESS: JsonObject = dict.fromkeys(("line1", "line2", "postal_code", "city", "state", "country"))


class Lack(Enum):
    """Why there is no object: it does not exist, or nothing is known of it."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


class TokenKind(StrEnum):
    """The kind of a token. The values are the names of the security schemes in the first contract."""

    CUSTOMER = "customer_session"
    MEMBER = "member_session"
    ORGANIZATION = "access_token"

    @property
    def schemes(self) -> frozenset[str]:
        """The names of its security scheme; documents since August 2026 name the organization's `oat`."""
        return frozenset({self.value, "oat"} if self is TokenKind.ORGANIZATION else {self.value})


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


REFUSED_TOKEN = KnownToken(TokenKind.CUSTOMER, is_expired=True)
"""A token that was never issued: the service answers it as it answers an expired one, whatever its kind."""


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """What is known of one order; None means not known. `seen` is its latest body, from either side of the API."""

    world: str | None = None
    customer_id: str | None = None
    status: str | None = None
    has_name: bool | None = None
    has_address: bool | None = None
    is_invoiced: bool | None = None
    seen: JsonObject = field(default_factory=dict)

    @property
    def is_paid(self) -> bool | None:
        """Whether it counts as paid; None when its status is not known."""
        return None if self.status is None else self.status in PAID_STATUSES

    @property
    def has_billing(self) -> bool | None:
        """Whether the billing details for an invoice are complete; an empty name is enough. None when this is not known.

        Source: observed on the service, April 2026.
        """
        if self.has_name is False or self.has_address is False:
            return False
        return True if self.has_name and self.has_address else None

    @property
    def has_receipt(self) -> bool | None:
        """Whether it has the number of a receipt, which it gets when it is paid and keeps."""
        return self.seen["receipt_number"] is not None if "receipt_number" in self.seen else None

    def with_document(self, document: JsonObject) -> KnownOrder:
        """The order with the values of a world document."""
        status = str(document.get("status", "paid"))
        shown = {name: value for name, value in document.items() if name in _SHOWN_UNCHANGED}
        has_name, has_address = self.has_name, self.has_address
        if "billing_name" in document:
            has_name = document["billing_name"] is not None
        if "billing_address" in document:
            address = document["billing_address"]
            has_address = address is not None
            shown["billing_address"] = {**_NO_ADDRESS, **address} if isinstance(address, dict) else None
        return replace(
            self,
            status=status,
            has_name=has_name,
            has_address=has_address,
            is_invoiced=True if document.get("invoice") is not None else None,
            seen={**shown, "status": status, "customer_id": self.customer_id},
        )

    def with_body(self, body: JsonObject) -> KnownOrder:
        """The order with the values that an answer shows."""
        return replace(
            self,
            customer_id=str(body.get("customer_id")),
            status=str(body["status"]) if isinstance(body.get("status"), str) else None,
            has_name=body.get("billing_name") is not None,
            has_address=body.get("billing_address") is not None,
            is_invoiced=True if body.get("is_invoice_generated") is True else self.is_invoiced,
            seen={**self.seen, **body},
        )


class KnownState(Protocol):
    """What the oracle asks about: the state that was observed, or the state of the stateful model."""

    @property
    def is_complete(self) -> bool:
        """Whether everything that is not known does not exist, and nothing changes unseen."""
        ...

    def caller(self, token: str | None) -> KnownToken | Lack:
        """The owner of a token. ABSENT: no token was sent."""
        ...

    def order(self, identifier: str) -> KnownOrder | Lack:
        """The order with this id."""
        ...

    def has_object(self, identifier: str) -> bool | None:
        """Whether the object exists that a request names, if it is no order; None when this is not known."""
        ...
