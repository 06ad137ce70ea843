"""The domain's errors as data. The web layer chooses status codes and bodies.

DomainError
├── OrderUnknown                 absent, deleted, or another customer's or organization's
├── CallerGone                   the customer of a session was removed by a reset of the world
├── EndpointUnknown              a webhook endpoint that is absent, deleted, or another organization's
├── EventUnknown                 a webhook event that is absent or another organization's
├── InvoiceRefused
│   ├── OrderIneligible          the order's status is one that is refused an invoice
│   ├── BillingDetailsMissing    billing name or address is null
│   └── InvoiceNotIssued         requested before it exists
├── ReceiptNotAllocated          the order has no receipt, as it was not paid
├── DraftRefused
│   ├── OrderNotDraft            an order that is finalized already
│   ├── ChargingSwitchedOff      the organization may not charge saved payment methods
│   ├── OrganizationNotReady     the organization can't take payments yet
│   ├── PaymentFailed            the saved payment method was declined
│   └── PaymentActionRequired    the customer has to confirm the payment
├── PaymentRefused
│   ├── OrderNotRetriable        not pending, not in dunning, or without a subscription
│   ├── PaymentUnderWay          an earlier payment holds the lock
│   ├── RetriesUsedUp            all manual retries were made
│   └── PaymentMethodForeign     a saved payment method that is not the customer's
├── InputRefused                 fields that no schema can reject: a locked country, an unknown customer
├── RoleRefused                  a member who may not see billing
├── TooManyRequests              the caller's requests in this window are used up
├── RefundRefused                an amount that can't be refunded, or a missing amount
└── StatusChangeRefused          a status change that an order can't make
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

# Errors are not frozen: raising one sets its traceback. They compare by identity.


class DomainError(Exception):
    """Base of all errors of the domain."""


@dataclass(eq=False)
class OrderUnknown(DomainError):
    order_id: str

    def __str__(self) -> str:
        return f"no order {self.order_id} for this caller"


@dataclass(eq=False)
class CallerGone(DomainError):
    customer_id: str

    def __str__(self) -> str:
        return f"customer {self.customer_id} is not in the world any more"


@dataclass(eq=False)
class EndpointUnknown(DomainError):
    endpoint_id: str

    def __str__(self) -> str:
        return f"no webhook endpoint {self.endpoint_id} for this caller"


@dataclass(eq=False)
class EventUnknown(DomainError):
    event_id: str

    def __str__(self) -> str:
        return f"no webhook event {self.event_id} for this caller"


class InvoiceRefused(DomainError):
    """Base of the errors around an order's invoice."""


@dataclass(eq=False)
class OrderIneligible(InvoiceRefused):
    order_id: str
    status: str

    def __str__(self) -> str:
        return f"order {self.order_id} is '{self.status}', and orders in this status can't have an invoice"


@dataclass(eq=False)
class BillingDetailsMissing(InvoiceRefused):
    order_id: str
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"order {self.order_id} has no {' and no '.join(self.missing)}; PATCH the order to add it"


@dataclass(eq=False)
class InvoiceNotIssued(InvoiceRefused):
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} has no invoice yet; POST its invoice and wait for the job"


@dataclass(eq=False)
class ReceiptNotAllocated(DomainError):
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} has no receipt; it gets one when it is paid"


class DraftRefused(DomainError):
    """Base of the errors around draft orders."""


@dataclass(eq=False)
class OrderNotDraft(DraftRefused):
    order_id: str
    status: str

    def __str__(self) -> str:
        return f"order {self.order_id} is '{self.status}', and only a draft can be finalized"


class ChargingSwitchedOff(DraftRefused):
    def __str__(self) -> str:
        return "the organization may not charge saved payment methods; give it off_session_charges: true in its world's document"


class OrganizationNotReady(DraftRefused):
    def __str__(self) -> str:
        return "the organization can't take payments; its world's document says ready_for_payments: false"


@dataclass(eq=False)
class PaymentFailed(DraftRefused):
    order_id: str

    def __str__(self) -> str:
        return f"the payment of order {self.order_id} failed; the order stays a draft"


@dataclass(eq=False)
class PaymentActionRequired(DraftRefused):
    order_id: str

    def __str__(self) -> str:
        return f"the payment of order {self.order_id} needs an action of the customer; the order stays a draft"


class PaymentRefused(DomainError):
    """Base of the errors when an order's payment is retried."""


@dataclass(eq=False)
class OrderNotRetriable(PaymentRefused):
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} is not a pending order of a subscription with a next payment attempt"


@dataclass(eq=False)
class PaymentUnderWay(PaymentRefused):
    order_id: str

    def __str__(self) -> str:
        return f"a payment of order {self.order_id} is under way; wait for its outcome"


@dataclass(eq=False)
class RetriesUsedUp(PaymentRefused):
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} has had all its manual retries"


@dataclass(eq=False)
class PaymentMethodForeign(PaymentRefused):
    payment_method_id: str

    def __str__(self) -> str:
        return f"payment method {self.payment_method_id} does not belong to the customer"


@dataclass(frozen=True)
class FieldRefusal:
    """One rejected field: its location in the request, the message and the sent value."""

    field: tuple[str, ...]
    message: str
    sent: object
    kind: str = "value_error"


@dataclass(eq=False)
class InputRefused(DomainError):
    refusals: tuple[FieldRefusal, ...]

    def __str__(self) -> str:
        return "; ".join(
            f"{'.'.join(r.field)}: {r.message} (sent {json.dumps(r.sent, ensure_ascii=False, default=str)})"
            for r in self.refusals
        )


@dataclass(eq=False)
class RoleRefused(DomainError):
    role: str

    def __str__(self) -> str:
        return f"a member with the role '{self.role}' may not see billing; owner or billing_manager may"


@dataclass(eq=False)
class TooManyRequests(DomainError):
    window: timedelta

    def __str__(self) -> str:
        return f"too many requests in {self.window.total_seconds():g} seconds; wait that long and try again"


@dataclass(eq=False)
class RefundRefused(DomainError):
    """`field` is `refunded_amount` or `refunded_tax_amount`."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


@dataclass(eq=False)
class StatusChangeRefused(DomainError):
    order_id: str
    status: str
    wanted: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        moves = ", ".join(self.allowed) or "none"
        return f"order {self.order_id} is '{self.status}' and can't become '{self.wanted}'; possible moves: {moves}"
