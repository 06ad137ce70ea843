"""The core check: one request for each row of the core table, on worlds that are created for it."""

from __future__ import annotations

from contract_tests.core.requests import check_row
from contract_tests.core.rows import Row
from contract_tests.fixtures import Fixtures
from contract_tests.run_context import RunContext


def test_every_class_of_request_gets_its_documented_answer(
    context: RunContext, core_fixtures: Fixtures, row: Row
) -> None:
    check_row(context, core_fixtures, row)
