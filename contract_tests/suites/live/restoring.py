"""Puts back the billing details of an order that a check changes, and keeps the request that does so until it is done."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from contract_tests.config.credentials import Kind, environment_variable
from contract_tests.config.errors import NotPutBack
from contract_tests.config.left_changed import keep_request
from contract_tests.suites.live.orders import OPERATION_PREFIXES, LiveOrder
from contract_tests.transport.client import JSON
from contract_tests.transport.guards import RateLimited
from contract_tests.transport.session import NoAnswer
from polar_contract.json_types import JsonObject, as_object

# Before each look, in seconds. A change whose answer was not awaited may still be under way at the first one.
_LOOKS_WHILE_OPEN = (0.0, 1.0)
_BILLING = ("billing_name", "billing_address")


@contextmanager
def put_back(order: LiveOrder, before: JsonObject) -> Iterator[None]:
    """Restore what was changed, also after a finding or an interruption. Errors: NotPutBack when that fails, which ends the run."""
    request = request_that_restores(order, before)
    file = keep_request(order.context.case.settings.reports, order.id, request)
    looks: tuple[float, ...] = (0.0,)
    try:
        yield
    except (KeyboardInterrupt, NoAnswer) as ending:
        looks = _LOOKS_WHILE_OPEN
        # If it fails, NotPutBack takes the place of this exception.
        ending.add_note(f"order {order.id} was put back")
        raise
    finally:
        _restore(order, before, request, file, looks)
        file.unlink(missing_ok=True)


def billing_of(order: JsonObject) -> JsonObject:
    """The details of an order that a check changes and puts back."""
    return {name: order.get(name) for name in _BILLING}


def request_that_restores(order: LiveOrder, before: JsonObject) -> str:
    """A curl command; in place of the token it has the name of its variable.

    A session that the run opened ends soon and is in no variable, so then the organization's token restores the order.
    """
    given, case = order.context.case.settings.tokens, order.context.case
    wanted = (Kind.CUSTOMER, Kind.MEMBER) if order.prefix == OPERATION_PREFIXES["customer"] else ()
    kind = next((one for one in wanted if given.get(one)), Kind.ORGANIZATION)
    side = OPERATION_PREFIXES["organization" if kind is Kind.ORGANIZATION else "customer"]
    operation = order.context.operations.by_id[f"{side}update"]
    url = f"{order.context.target.base_url}{operation.url_path(order.id)}"
    parts = ["curl", "-i", "-X", operation.method, shlex.quote(url)]
    parts += ["-H", f'"Authorization: Bearer ${environment_variable(kind)}"']
    for name, value in {"Content-Type": JSON, **case.version_headers}.items():
        parts += ["-H", shlex.quote(f"{name}: {value}")]
    return " ".join([*parts, "--data-binary", shlex.quote(json.dumps(before))])


def _restore(order: LiveOrder, before: JsonObject, request: str, file: Path, looks: Sequence[float]) -> None:
    try:
        with order.context.target.budget.suspended():
            is_restored = _is_restored(order, before, looks)
    except KeyboardInterrupt:
        is_restored = False
    if not is_restored:
        # Near the verdict as well, which may be about findings.
        order.note(f"it is not as it was before; {file} has the request that restores it")
        raise NotPutBack(
            f"The billing details of order {order.id} could not be put back, so nothing more was sent. This restores them "
            f"(it is also in {file}): {request}"
        )


def _is_restored(order: LiveOrder, before: JsonObject, looks: Sequence[float]) -> bool:
    try:
        for seconds in looks:
            time.sleep(seconds)
            for name, value in _differing(order, before).items():
                # One by one, so that a failure with one value does not affect the other. The rules observe each response.
                order.context.rules.findings(order.send("update", {name: value}))
        return not _differing(order, before)
    except (NoAnswer, RateLimited, ValueError):
        return False


def _differing(order: LiveOrder, before: JsonObject) -> JsonObject:
    now = billing_of(as_object(order.send("get").json()))
    return {name: value for name, value in before.items() if now.get(name) != value}
