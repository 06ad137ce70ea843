"""What `--allow-writes` and `--allow-invoice` will send: how many requests, for which orders. Sends nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
import pytest

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.config.gaps import NotChecked
from contract_tests.config.permissions import Permissions
from contract_tests.reporting.verdicts import counted
from contract_tests.runner.context import RunContext
from contract_tests.suites.cases.requests import Call, call_of, gap_against
from contract_tests.suites.cases.rows import Row
from contract_tests.suites.live.writes import ACCEPTED_PATCHES, REFUSED_PATCHES, left_changed, order_to_be_put_back
from contract_tests.targets.fixtures import Fixtures
from contract_tests.targets.live_names import CHANGED_MARK
from polar_contract.operations import Operations

PATCH = "PATCH"
_FILE_OF_ROWS, _FILE_OF_SCENARIOS, _FILE_OF_STORIES = "test_core.py", "test_scenarios_live.py", "test_model.py"
EACH_AN_EVENT = "each an `order.updated` event for the account's webhook endpoints"


@dataclass(frozen=True, slots=True)
class Changes:
    """PATCH requests with a valid token, by order: those that will be accepted, and those that must be refused.

    `unknown` is the number of requests to ids that no order has; `without_token` of those whose token can't be valid.
    `left_changed` are the ids of orders that an earlier run did not put back.
    """

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    without_token: int = 0
    left_changed: Sequence[str] = ()

    @property
    def total(self) -> int:
        """All of them."""
        return self.accepted.total() + self.refused.total() + self.unknown


def changes_ahead(
    rows: Sequence[Row], sides: Sequence[str], fixtures: Fixtures, operations: Operations, permissions: Permissions
) -> Changes:
    """What the rows of the core table and the scenarios from these sides send to the account of the fixtures.

    A scenario that is refused, or has a finding, sends less.
    """
    orders = {*fixtures.object_ids("order", portal=True), *fixtures.object_ids("order", portal=False)}
    accepted, refused, unknown = Counter[str](), Counter[str](), 0
    without_token = 0
    for call in _patches_of_core(rows, fixtures, operations, permissions):
        if call.token is None or call.token in NONSENSE_TOKENS.values():
            without_token += 1
        elif call.object_id in orders:
            refused[call.object_id] += 1
        else:
            unknown += 1
    for who in sides:
        order = order_to_be_put_back(fixtures, who)
        if order is not None and fixtures.token(who) is not None:
            accepted[order] += ACCEPTED_PATCHES
            refused[order] += REFUSED_PATCHES
    return Changes(accepted, refused, unknown, without_token, left_changed(fixtures))


def _patches_of_core(
    rows: Sequence[Row], fixtures: Fixtures, operations: Operations, permissions: Permissions
) -> Iterator[Call]:
    """The PATCH requests of the core table, which must all be refused."""
    for row in rows:
        operation = operations.by_id[row.operation_id]
        if operation.method != PATCH or gap_against(operation, row, permissions) is not None:
            continue
        try:
            yield call_of(row, fixtures, operation, may_write=True)
        except NotChecked:
            # The check itself reports what the account lacks for this row.
            continue


def lines_ahead(changes: Changes, *, has_stories: bool = False) -> Iterator[str]:
    """The lines of output that announce the changes before the first one is sent. Stories of `model` add to the refused ones."""
    for order in changes.left_changed:
        yield (
            f"Order {order} is left alone: its billing details end with {CHANGED_MARK}, so an earlier run with --allow-writes "
            "did not put them back. Correct them by hand."
        )
    if not changes.total:
        yield "--allow-writes: no PATCH is sent; the chosen checks have nothing in this account to change and restore."
        return
    more = " and a few more of `model`" if has_stories else ""
    without = (
        f", and {changes.without_token}{more} without a valid token, as in every run" if changes.without_token else ""
    )
    yield f"--allow-writes: up to {counted(changes.total, 'PATCH request')} will be sent{without}"
    for order in dict.fromkeys([*changes.accepted, *changes.refused]):
        accepted, refused = changes.accepted[order], changes.refused[order]
        parts = [f"{accepted} that change billing details and restore them, {EACH_AN_EVENT}"] if accepted else []
        parts += [f"{refused} that must be refused"] if refused else []
        yield f"  order {order}: {'; '.join(parts)}"
    if changes.unknown:
        yield f"  ids that no order has: {changes.unknown} that must be refused"


def invoice_lines_ahead(invoice_ids: Sequence[str], *, is_chosen: bool) -> Iterator[str]:
    """The lines of output that announce the requests for invoices before the first one is sent."""
    if invoice_ids and not is_chosen:
        yield "--allow-invoice: no invoice is requested; that takes the check `scenarios`."
        return
    for order, times in Counter(invoice_ids).items():
        yield (
            f"--allow-invoice: the invoice of order {order} will be requested {_times(times)}. This can't be undone: an issued "
            f"invoice stays, and the account's webhook endpoints get an `order.updated` event."
        )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def print_ahead(session: pytest.Session, context: RunContext, *, shown: Callable[[str], str]) -> None:
    """Print the lines for the checks of a session, bypassing pytest's capture; `shown` redacts a line."""
    fixtures = context.target.live_fixtures
    parameters = [(item.path.name, _parameters(item)) for item in session.items]
    if fixtures is None or not parameters:
        return
    rows = [one["row"] for file, one in parameters if file == _FILE_OF_ROWS]
    sides = [one["who"] for file, one in parameters if file == _FILE_OF_SCENARIOS and "who" in one]
    permissions, files = context.case.settings.permissions, {file for file, _ in parameters}
    lines: list[str] = []
    if permissions.writes:
        changes = changes_ahead(rows, sides, fixtures, context.operations, permissions)
        lines += lines_ahead(changes, has_stories=_FILE_OF_STORIES in files)
    lines += invoice_lines_ahead(permissions.invoice_ids, is_chosen=_FILE_OF_SCENARIOS in files)
    with session.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        for line in lines:
            click.echo(shown(line))


def _parameters(item: pytest.Item) -> Mapping[str, Any]:
    callspec = getattr(item, "callspec", None)
    return callspec.params if callspec is not None else {}
