"""Work that happens after a response: its kind, its subject and its due time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    GENERATE_INVOICE = "generate_invoice"
    DELIVER_EVENT = "deliver_event"
    REPORT_PAYMENT = "report_payment"
    RENDER_RECEIPT = "render_receipt"


INVOICE_QUEUE = "invoices"
PAYMENT_QUEUE = "payments"
RECEIPT_QUEUE = "receipts"


@dataclass(frozen=True, slots=True)
class Job:
    """`due_at` None: stepped work, which runs only on request.

    Jobs of one queue run one after the other: invoices share a queue, so do receipts, and every webhook endpoint has its own, so that a
    receiver gets its events in order and a slow receiver delays no other.
    """

    id: str
    kind: JobKind
    queue: str
    subject_id: str
    """The order whose invoice or receipt is made or whose payment is reported, or the event that is delivered."""
    created_at: datetime
    due_at: datetime | None
