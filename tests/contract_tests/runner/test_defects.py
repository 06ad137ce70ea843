"""Runs on targets with a planted defect end early, and the good mock has no findings. `tests/mutants` says which rule finds which."""

from __future__ import annotations

from pathlib import Path

from contract_tests.checks.rules import Rule
from mock_server.testing import RunningMock
from mutants.defects import planted
from mutants.proxy import proxy
from polar_contract.json_types import as_object
from tests.contract_tests.running import run_contract, run_with_pytest

_QUICK = ("--only", "core", "--only", "scenarios", "--only", "webhooks")
_GENERATED = ("--only", "properties", "--max-examples", "1")


def test_when_only_generated_requests_are_made_then_a_defect_is_found_too(
    good_mock: RunningMock, tmp_path: Path
) -> None:
    with proxy(good_mock.base_url, planted("status: 202 of customer_portal:orders:generate_invoice as 200")) as faulty:
        result = run_contract(tmp_path, "--base-url", faulty.base_url, *_GENERATED, "--fail-fast")
    assert result.exit_code == 1, result.output


def test_when_the_first_finding_is_enough_then_the_run_ends_there(good_mock: RunningMock, tmp_path: Path) -> None:
    with proxy(good_mock.base_url, planted("list: the first is missing")) as faulty:
        result = run_contract(tmp_path, "--base-url", faulty.base_url, *_QUICK, "--fail-fast")
    assert result.exit_code == 1, result.output
    assert len(faulty.seen) < 60
    assert as_object(result.summary["counts"])["failed"] == 1


def test_when_every_answer_is_slow_then_the_run_ends_soon_and_reports_it(
    good_mock: RunningMock, tmp_path: Path
) -> None:
    with proxy(good_mock.base_url, planted("unreliable: every answer is slow")) as faulty:
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
