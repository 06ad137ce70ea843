"""What the user has allowed a run to do to a live account, and the limits of a run: read and checked. Enforces nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from contract_tests.findings import CannotRun

# Source: invoices of the service came 2.5 to 11 seconds after the request, April 2026.
DEFAULT_READY_WITHIN_SECONDS = 30.0
_LEAST_REQUESTS = 10
# How long a run may take by itself: many times what a whole run takes on a mock, and what a live one does at the usual pace.
LOOPBACK_RUN_SECONDS, LIVE_RUN_SECONDS = 900.0, 3600.0


@dataclass(frozen=True, slots=True)
class Permissions:
    """Nothing but reads and refusals by default; a session for the portal may be opened where no token for it was given.

    An id that stands in `invoice_ids` twice may be asked for an invoice twice.
    """

    writes: bool = False
    invoice_ids: tuple[str, ...] = ()
    downloads: bool = False
    session: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """None is the usual: no limit of requests, the pace of a remote host, a time by where the target is."""

    requests_per_minute: int | None = None
    max_requests: int | None = None
    max_seconds: float | None = None
    ready_within_seconds: float = DEFAULT_READY_WITHIN_SECONDS

    def seconds_of_run(self, *, is_on_this_machine: bool) -> float:
        """How long a run may take."""
        usual = LOOPBACK_RUN_SECONDS if is_on_this_machine else LIVE_RUN_SECONDS
        return self.max_seconds if self.max_seconds is not None else usual


DEFAULT_PERMISSIONS = Permissions()
NO_LIMITS = Limits()


def read_permissions(*, writes: bool, invoice_ids: Iterable[str], downloads: bool, session: bool) -> Permissions:
    """Errors: CannotJudge for an id that is none."""
    return Permissions(writes, tuple(map(_order_id, invoice_ids)), downloads, session)


def read_limits(
    *,
    requests_per_minute: int | None,
    max_requests: int | None,
    max_seconds: float | None,
    ready_within_seconds: float,
) -> Limits:
    """Errors: CannotJudge with a sentence that names the option."""
    if requests_per_minute is not None and not 1 <= requests_per_minute <= 100_000:
        raise CannotRun(f"--requests-per-minute is {requests_per_minute}; give 1 to 100000.")
    if max_requests is not None and max_requests < _LEAST_REQUESTS:
        raise CannotRun(f"--max-requests is {max_requests}; give {_LEAST_REQUESTS} or more.")
    if max_seconds is not None and not 0 < max_seconds <= 86_400:
        raise CannotRun(f"--max-time is {max_seconds} seconds; give more than 0 and at most 86400.")
    if not 0 < ready_within_seconds <= 600:
        raise CannotRun(f"--ready-within is {ready_within_seconds} seconds; give more than 0 and at most 600.")
    return Limits(requests_per_minute, max_requests, max_seconds, ready_within_seconds)


def _order_id(text: str) -> str:
    try:
        return str(uuid.UUID(text.strip()))
    except ValueError:
        raise CannotRun(f"--allow-invoice {text!r} is no order id; give it as the API shows it.") from None
