"""A live run reports its skipped checks in a few plain lines, and never reports as missing what the account has."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree.ElementTree import fromstring

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.config.gaps import Remedy
from mock_server.testing import RunningMock
from polar_contract.json_types import JsonObject, as_list, as_object
from tests.contract_tests.running import RunResult
from tests.contract_tests.services import without_control_api
from tests.contract_tests.suites.live.accounts import QUICK, account

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


def _expect_nothing_missing(result: RunResult) -> None:
    assert _missing(result) == set()
    lines = _not_checked(result)
    assert 1 < len(lines) <= _MOST_LINES
    assert [line for line in lines[1:] if not line.split(maxsplit=1)[1].startswith(tuple(Remedy))] == []


def _expect_kinds_and_gaps_for_ci(result: RunResult) -> None:
    """Test suites are by kind, and what was left out is a few test cases."""
    root = fromstring((result.reports / "junit.xml").read_text("utf-8"))
    suites = {str(suite.get("name")): suite for suite in root}
    # No story was allowed, so its kind has no suite.
    assert list(suites) == ["target", "core", "model", "not checked", "run"]
    skipped = [case for case in root.iter("testcase") if case.find("skipped") is not None]
    assert len(skipped) == len(_not_checked(result)) - 1
    assert root.get("skipped") == suites["not checked"].get("skipped") == str(len(skipped))
    assert int(str(suites["core"].get("tests"))) > 200


def _texts(result: RunResult) -> list[str]:
    """The output and every report."""
    texts = [result.output, *(file.read_text("utf-8") for file in result.reports.rglob("*") if file.is_file())]
    assert len(texts) >= 3
    return texts


class GivenAnAccountThatHasMuch:
    def test_when_it_is_tested_then_it_gets_planned_reads_and_refusals_and_nothing_that_it_has_is_reported_missing(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        """All checks, with a customer's and an organization's token, without further permissions."""
        with account(good_mock, tmp_path, without_control_api) as live:
            plan = live.run_contract("--dry-run")
            assert live.seen == [], "a dry run sends nothing"
            result = live.run_contract()
            deliveries = as_object(live.world.control.call("GET", f"/_mock/worlds/{live.world.id}/deliveries"))
        assert result.exit_code == 0, result.output
        # The first request finds out whether this is a mock.
        refused = [one.token for one in live.seen if one.method != "GET"]
        assert refused, "refusals of writing operations are checked, too"
        assert set(refused) <= {None, *NONSENSE_TOKENS.values()}
        assert deliveries["items"] == [], "nothing has changed"
        most = re.search(r"^At most (\d+) requests of \d+ kinds", plan.output, re.MULTILINE)
        assert most is not None
        assert len(live.seen) <= int(most[1])
        assert plan.exit_code == 0
        assert "GET /v1/orders/ · a page beyond all numbers -> 422 RequestValidationError" in plan.output
        assert "a live account only gets reads and refusals" in str(result.summary["not_checked"])
        tokens = {token[:20] for token in live.world.tokens.values()}
        assert [token for text in _texts(result) for token in tokens if token in text] == []
        _expect_nothing_missing(result)

    def test_when_only_an_organization_token_is_given_then_one_session_is_opened_and_the_portal_is_tested(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        with account(good_mock, tmp_path, without_control_api) as live:
            result = live.run_contract(*QUICK, kinds=("organization",))
        assert result.exit_code == 0, result.output
        assert live.sent("POST") == {"/v1/customer-sessions/": 1}
        assert live.sent("PATCH") == {}
        assert "missing billing" in result.output
        reached = {as_object(row)["operation_id"]: row for row in as_list(result.summary["table"])}
        portal = as_object(as_object(reached["customer_portal:orders:get"])["documented"])
        assert int(str(portal["200"])) > 0
        assert not [text for text in _texts(result) if "polar_cst_" in text.replace("polar_cst_Nonsense", "")]
        _expect_nothing_missing(result)
        _expect_kinds_and_gaps_for_ci(result)


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
