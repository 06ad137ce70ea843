"""Runs on targets with a planted defect end early, and the good mock has no findings. `tests/mutants` says which rule finds which."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.checks import latency
from contract_tests.checks.rules import Rule
from contract_tests.config.settings import Settings
from contract_tests.runner.pytest_session import make_checks
from mock_server.testing import RunningMock
from mutants.defects import planted
from mutants.proxy import proxy
from polar_contract.json_types import as_object
from tests.contract_tests.running import run_contract, run_with_pytest

_QUICK = ("--only", "core", "--fail-fast")
_GENERATED = ("--only", "properties", "--max-examples", "1", "--fail-fast")


def test_when_only_generated_requests_are_made_then_a_defect_is_found_too(
    good_mock: RunningMock, tmp_path: Path
) -> None:
    with proxy(good_mock.base_url, planted("status: 422 of customer_portal:orders:list as 200")) as faulty:
        result = run_contract(tmp_path, "--base-url", faulty.base_url, *_GENERATED)
    assert result.exit_code == 1, result.output


def test_when_the_first_finding_is_enough_then_the_run_ends_there(good_mock: RunningMock, tmp_path: Path) -> None:
    with proxy(good_mock.base_url, planted("list: the first is missing")) as faulty:
        result = run_contract(tmp_path, "--base-url", faulty.base_url, *_QUICK)
    assert result.exit_code == 1, result.output
    assert len(faulty.seen) < 60
    assert as_object(result.summary["counts"])["failed"] == 1


def test_when_every_answer_is_slow_then_the_run_ends_soon_and_reports_it(
    good_mock: RunningMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latency, "SLOW_SECONDS", 0)
    report = make_checks(Settings(base_url=good_mock.base_url, only=("core",), reports=tmp_path)).report
    assert report is not None
    assert [finding.rule for finding in report.findings] == [Rule.IN_TIME]
    assert report.requests < 30


class GivenTheGoodMock:
    """The README's command runs all checks on it."""

    def test_when_pytest_runs_the_checks_then_no_violation_is_found(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        some = ("-k", "orders:get_payment_status", "--seed", "2", "--max-examples", "1")
        result = run_with_pytest(tmp_path, "--base-url", good_mock.base_url, *some)
        assert result.exit_code == 0, result.output
        kinds = (tmp_path / "junit.xml").read_text("utf-8")
        assert all(kind in kinds for kind in ("test_core", "test_properties"))
