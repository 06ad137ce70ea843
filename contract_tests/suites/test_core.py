"""The core check: one request for each row of the core table, on worlds that are created for it."""

from __future__ import annotations

from contract_tests.runner.context import RunContext
from contract_tests.suites.cases.requests import check_row
from contract_tests.suites.cases.rows import Row
from contract_tests.targets.fixtures import Fixtures


def test_every_class_of_request_gets_its_documented_answer(
    context: RunContext, core_fixtures: Fixtures, row: Row
) -> None:
    check_row(context, core_fixtures, row)
