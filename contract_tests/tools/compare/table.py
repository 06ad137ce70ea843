"""Sends every row of the core table to both targets and compares the answers. The rows' own expectations are not checked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from contract_tests.config.gaps import NotChecked, gap_of
from contract_tests.suites.cases.requests import call_of
from contract_tests.suites.cases.rows import Row
from contract_tests.suites.cases.table import core_rows
from contract_tests.targets.fixtures import Fixtures
from contract_tests.tools.compare.comparing import compare
from contract_tests.tools.compare.environments import PairedEnvironment
from contract_tests.tools.compare.matching import Matching
from contract_tests.tools.compare.summary import Difference, Summary
from contract_tests.tools.compare.targets import Pair
from contract_tests.transport.budgets import is_cut_off

TABLE = "table"


def compare_table(pair: Pair, paired: PairedEnvironment, summary: Summary, *, report: Callable[[str], None]) -> None:
    """Compare every row. Errors: NoAnswer; CannotRun when a mock refuses a world; Skipped when the time limit is reached."""
    rows = core_rows(pair.operations, pair.left.context.behaviour)
    with paired.fixtures() as (left, right):
        for number, row in enumerate(rows, start=1):
            report(f"[{number}/{len(rows)}] {row.name}")
            try:
                _compare_row(row, pair, paired, (left, right), summary)
            except NotChecked as reason:
                if is_cut_off(gap_of(reason, str(reason))):
                    raise
                summary.leave_out(reason)


def _compare_row(
    row: Row, pair: Pair, paired: PairedEnvironment, fixtures: tuple[Fixtures, Fixtures], summary: Summary
) -> None:
    operation = pair.operations.by_id[row.operation_id]
    # Prepare both before either is sent: a request that one target can't be sent is not sent to the other either.
    calls = [call_of(row, one, operation, may_write=paired.may_write) for one in fixtures]
    clients = (pair.left.client, pair.right.client)
    asks = [(client, partial(call.send, client)) for call, client in zip(calls, clients, strict=True)]
    left, right = pair.asker.ask_both(*asks)
    assert left is not None, "every row sends a request"
    assert right is not None, "every row sends a request"
    comparison = compare(left, right, _matching(paired, *fixtures), paired.terms(pair.excused))
    summary.count(TABLE, comparison.verdict)
    summary.excuse(comparison, left)
    if comparison.verdict.is_difference:
        summary.keep(Difference(comparison, left, right, f"the table's row {row.name}"))


def _matching(paired: PairedEnvironment, left: Fixtures, right: Fixtures) -> Matching:
    matching = paired.matching()
    for name in left.ids.keys() & right.ids.keys():
        matching.know("id", left.ids[name], right.ids[name])
    return matching
