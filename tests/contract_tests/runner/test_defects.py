"""Tests of the contract tests: the right rule finds planted defects of every family, and the good mock has no findings.

`make mutants` runs the whole catalogue.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.checks.rules import Rule
from mock_server.testing import RunningMock
from mutants.catalogue import catalogue
from mutants.proxy import proxy
from polar_contract.json_types import as_object
from tests.contract_tests.running import run_contract, run_with_pytest

_QUICK = ("--only", "core", "--only", "scenarios", "--only", "webhooks")
_GENERATED = ("--only", "properties", "--max-examples", "1")
CALLED_FOR = Rule.UNEXPECTED
# One sample of each family: the rule that must report it, and the end of the operation's id.
SAMPLE = {
    "status: 200 instead of 202": (CALLED_FOR, "orders:generate_invoice"),
    "status: 404 instead of 405": (Rule.ROUTED, ""),
    "body: an empty 202": (Rule.IS_JSON, "orders:generate_invoice"),
    "body: max_page is called pages": (Rule.SHAPE, "orders:list"),
    "error: two errors swapped": (CALLED_FOR, "orders:generate_invoice"),
    "rule: unpaid accepted": (CALLED_FOR, "orders:generate_invoice"),
    "rule: a second request is told again": (Rule.ANNOUNCED_ONCE, "orders:get"),
    "rule: PATCH forgets": (CALLED_FOR, "orders:update"),
    "auth: expired tokens accepted": (CALLED_FOR, "orders:list"),
    "id: 404 for malformed ids": (CALLED_FOR, "orders:get"),
    "list: the sorting is reversed": (Rule.SORTED, "orders:list"),
    "header: 401 without WWW-Authenticate": (Rule.HEADERS_SENT, "orders:list"),
    "value: the total is one off": (Rule.AMOUNTS, "orders:list"),
    "readiness: ready at once": (CALLED_FOR, "orders:invoice"),
    "account: the own record is not changed": (
        Rule.SHOWS_REQUEST,
        "customers:update",
    ),
    "document: the document changes": (Rule.PERMANENT, "orders:invoice"),
    "document: another order's document": (Rule.NAMES_ORDER, ""),
    "webhook: signed with another secret": (Rule.SIGNED, "orders:update"),
    "webhook: events come out of order": (
        Rule.ANNOUNCED,
        "orders:update",
    ),
    "unreliable: a 500 now and then": (Rule.NO_FAILURE, ""),
    "unreliable: bodies are cut off now and then": (Rule.COMPLETE, ""),
}


# The kind of check that finds a family or a defect; the other checks would only take time before it.
_FOUND_BY = {
    "webhook": "webhooks",
    "document": "scenarios",
    "readiness": "scenarios",
    "rule: a second request is told again": "scenarios",
}


@pytest.mark.parametrize("name", SAMPLE)
def test_when_a_defect_is_planted_then_the_contract_is_found_broken(
    good_mock: RunningMock, tmp_path: Path, name: str
) -> None:
    kind = _FOUND_BY.get(name) or _FOUND_BY.get(name.partition(":")[0])
    checks = ("--only", kind) if kind else _QUICK
    with proxy(good_mock.base_url, catalogue()[name].plant()) as faulty:
        result = run_contract(tmp_path, "--base-url", faulty.base_url, *checks, "--fail-fast")
        assert faulty.mistakes == []
    assert result.exit_code == 1, result.output
    rule, operation = SAMPLE[name]
    found = [one for one in result.findings() if one[0] == rule and one[1].endswith(operation)]
    assert found, result.findings()
    assert "breaks the contract" in result.last_line


def test_every_family_is_sampled() -> None:
    assert {one.family for one in catalogue().values()} == {name.partition(":")[0] for name in SAMPLE}


def test_when_only_generated_requests_are_made_then_a_defect_is_found_too(
    good_mock: RunningMock, tmp_path: Path
) -> None:
    with proxy(good_mock.base_url, catalogue()["status: 200 instead of 202"].plant()) as faulty:
        result = run_contract(tmp_path, "--base-url", faulty.base_url, *_GENERATED, "--fail-fast")
    assert result.exit_code == 1, result.output


def test_when_the_first_finding_is_enough_then_the_run_ends_there(good_mock: RunningMock, tmp_path: Path) -> None:
    with proxy(good_mock.base_url, catalogue()["list: the first is missing"].plant()) as faulty:
        result = run_contract(tmp_path, "--base-url", faulty.base_url, *_QUICK, "--fail-fast")
    assert result.exit_code == 1, result.output
    assert len(faulty.seen) < 60
    assert as_object(result.summary["counts"])["failed"] == 1


def test_when_every_answer_is_slow_then_the_run_ends_soon_and_reports_it(
    good_mock: RunningMock, tmp_path: Path
) -> None:
    with proxy(good_mock.base_url, catalogue()["unreliable: every answer is slow"].plant()) as faulty:
        result = run_contract(tmp_path, "--base-url", faulty.base_url, "--only", "core")
    assert result.findings()[0][0] == Rule.IN_TIME
    assert len(faulty.seen) < 30


class GivenTheGoodMock:
    """The README's command runs all checks on it."""

    def test_when_pytest_runs_the_checks_then_no_violation_is_found(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        some = ("-k", "orders:get or orders:list", "--seed", "2", "--max-examples", "3")
        result = run_with_pytest(tmp_path, "--base-url", good_mock.base_url, *some)
        assert result.exit_code == 0, result.output
        assert (tmp_path / "junit.xml").is_file()
