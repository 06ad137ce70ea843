"""A live run reports its skipped checks in a few plain lines, and never reports as missing what the account has."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from contract_tests.config.gaps import Remedy
from mock_server.testing import RunningMock
from polar_contract.json_types import JsonObject, as_list, as_object
from tests.contract_tests.running import RunResult
from tests.contract_tests.services import without_control_api
from tests.contract_tests.suites.live.accounts import LiveRun, account

_MOST_LINES = 10
_PAID: JsonObject = {"customer": "main", "product": "guide", "status": "paid", "created_at": "2026-04-20T10:00:00Z"}


def _not_checked(result: RunResult) -> list[str]:
    """The printed lines on what was not checked."""
    lines = result.output.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("Not checked:"))
    last = next(number for number, line in enumerate(lines) if line.startswith("how often each operation"))
    return lines[first:last]


def _missing(result: RunResult) -> set[str]:
    """What the account lacks, as the report says."""
    gaps = map(as_object, as_list(result.summary["not_checked"]))
    return {str(one["needs"]) for one in gaps if one["remedy"] == Remedy.ORDERS}


class GivenAnAccountThatHasMuch:
    @pytest.mark.parametrize("run", ["whole_run", "organization_run"])
    def test_when_it_is_tested_then_nothing_that_it_has_is_reported_missing(
        self, request: pytest.FixtureRequest, run: str
    ) -> None:
        result: RunResult = request.getfixturevalue(run).result
        assert result.exit_code == 0, result.output
        assert _missing(result) == set()
        lines = _not_checked(result)
        assert 1 < len(lines) <= _MOST_LINES
        assert [line for line in lines[1:] if not line.split(maxsplit=1)[1].startswith(tuple(Remedy))] == []

    def test_when_it_is_written_for_ci_then_suites_are_by_kind_and_what_was_left_out_is_a_few_cases(
        self, organization_run: LiveRun
    ) -> None:
        result = organization_run.result
        root = fromstring((result.reports / "junit.xml").read_text("utf-8"))
        suites = {str(suite.get("name")): suite for suite in root}
        # No story was allowed, so its kind has no suite.
        assert list(suites) == ["core", "model", "not checked", "run"]
        skipped = [case for case in root.iter("testcase") if case.find("skipped") is not None]
        assert len(skipped) == len(_not_checked(result)) - 1
        assert root.get("skipped") == suites["not checked"].get("skipped") == str(len(skipped))
        assert int(str(suites["core"].get("tests"))) > 200


class GivenAnAccountThatHasLittle:
    def test_when_it_is_tested_then_what_can_be_added_is_reported_in_words(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        with account(good_mock, tmp_path, without_control_api, changes={"orders": {"only": _PAID}}) as live:
            result = live.run_contract("--only", "core")
        assert result.exit_code == 0, result.output
        missing = _missing(result)
        assert {"a void order", "a partially refunded order", "a pending order whose payment was declined"} <= missing
        assert not [one for one in missing if "atlas" in one or "main" in one or ":" in one]
        assert len(_not_checked(result)) <= _MOST_LINES
        assert str(Remedy.ORDERS) in result.output
        assert json.dumps(result.summary["not_checked"]).count(str(Remedy.ORDERS)) >= len(missing)
