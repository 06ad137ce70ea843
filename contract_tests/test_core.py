"""The core: every row of the core table, one request each, on worlds made for it."""

from __future__ import annotations

from contract_tests.core.requests import judge_row
from contract_tests.core.rows import Row
from contract_tests.fixtures import Fixtures
from contract_tests.judging import Judge


def test_every_class_of_request_gets_its_documented_answer(judge: Judge, core_fixtures: Fixtures, row: Row) -> None:
    judge_row(judge, core_fixtures, row)
