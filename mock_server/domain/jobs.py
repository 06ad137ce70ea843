"""Work that happens after an answer: what is to be done, for which order, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    GENERATE_INVOICE = "generate_invoice"


@dataclass(frozen=True, slots=True)
class Job:
    """`due_at` None: stepped work, which runs only when it is told to."""

    id: str
    kind: JobKind
    order_id: str
    created_at: datetime
    due_at: datetime | None
