"""The user's permissions for a live account and the limits of a run: reads and checks them. Enforces nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from contract_tests.config.errors import CannotRun

# Source: observed on the service, April 2026: invoices were available 2.5 to 11 seconds after the request.
DEFAULT_READY_WITHIN_SECONDS = 30.0
_LEAST_REQUESTS = 10
# Default time limits: many times the duration of a whole run on a mock, and of a live run at the default rate.
LOOPBACK_RUN_SECONDS, LIVE_RUN_SECONDS = 900.0, 3600.0


@dataclass(frozen=True, slots=True)
class Permissions:
    """By default only reads and refused requests; a portal session may be opened when no token for the portal is given.

    Each occurrence of an id in `invoice_ids` allows one invoice request.
    """

    writes: bool = False
    invoice_ids: tuple[str, ...] = ()
    downloads: bool = False
    session: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """None means the default: no limit on requests, the request rate for a remote host, a time limit by the target's location."""

    requests_per_minute: int | None = None
    max_requests: int | None = None
    max_seconds: float | None = None
    ready_within_seconds: float = DEFAULT_READY_WITHIN_SECONDS

    def seconds_of_run(self, *, is_on_this_machine: bool) -> float:
        """The time limit of a run, in seconds."""
        usual = LOOPBACK_RUN_SECONDS if is_on_this_machine else LIVE_RUN_SECONDS
        return self.max_seconds if self.max_seconds is not None else usual


DEFAULT_PERMISSIONS = Permissions()
NO_LIMITS = Limits()


def read_permissions(*, writes: bool, invoice_ids: Iterable[str], downloads: bool, session: bool) -> Permissions:
    """Checked permissions. Errors: CannotRun for a malformed order id."""
    return Permissions(writes, tuple(map(_order_id, invoice_ids)), downloads, session)


def read_limits(
    *,
    requests_per_minute: int | None,
    max_requests: int | None,
    max_seconds: float | None,
    ready_within_seconds: float,
) -> Limits:
    """Checked limits. Errors: CannotRun with a sentence that names the option."""
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
        raise CannotRun(f"--allow-invoice {text!r} is not an order id; write it as the API shows it.") from None
