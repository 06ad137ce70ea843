"""Work that happens after an answer: what is to be done, with what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    GENERATE_INVOICE = "generate_invoice"
    DELIVER_EVENT = "deliver_event"
    REPORT_PAYMENT = "report_payment"


INVOICE_QUEUE = "invoices"
PAYMENT_QUEUE = "payments"


@dataclass(frozen=True, slots=True)
class Job:
    """`due_at` None: stepped work, which runs only when it is told to.

    Jobs of one lane run one after the other: invoices share one, and every webhook endpoint has its own, so that a
    receiver gets its events in order and a slow one holds up nobody else.
    """

    id: str
    kind: JobKind
    queue: str
    subject_id: str
    """The order whose invoice is made or whose payment is reported, or the event that is delivered."""
    created_at: datetime
    due_at: datetime | None
