"""Runs on targets with a planted defect end early, and the good mock has no findings. `tests/mutants` says which rule finds which."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from contract_tests.rules import Rule
from contract_tests.worlds import Control
from mock_server.testing import RunningMock
from mutants.defects import planted
from mutants.proxy import proxy
from polar_contract.json_types import JsonValue, as_object
from tests.contract_tests.running import RunResult, run_contract, run_with_pytest

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


@dataclass(frozen=True, slots=True)
class Whole:
    """A run of all checks through a proxy that changes nothing, with the mock's worlds before and after it."""

    result: RunResult
    before: JsonValue
    after: JsonValue


@pytest.fixture(scope="module")
def whole(good_mock: RunningMock, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    control = Control(good_mock.base_url, lambda secret, name: None, 10.0)
    before = control.call("GET", "/_mock/worlds")
    with proxy(good_mock.base_url, lambda request, forward: forward(request)) as clean:
        arguments = ("--base-url", clean.base_url, "--seed", "1", "--max-examples", "3")
        result = run_contract(tmp_path_factory.mktemp("whole"), *arguments)
    return Whole(result, before, control.call("GET", "/_mock/worlds"))


class GivenTheGoodMock:
    def test_when_all_checks_run_through_a_proxy_that_changes_nothing_then_no_violation_is_found(
        self, whole: Whole
    ) -> None:
        assert whole.result.exit_code == 0, whole.result.output
        assert whole.result.summary["unreached"] == []
        assert "no violations of the contract found" in whole.result.last_line

    def test_when_the_run_is_over_then_no_world_remains(self, whole: Whole) -> None:
        assert whole.after == whole.before

    def test_when_pytest_runs_the_checks_with_another_seed_then_no_violation_is_found(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        result = run_with_pytest(tmp_path, "--base-url", good_mock.base_url, "--seed", "2", "--max-examples", "3")
        assert result.exit_code == 0, result.output
        assert (tmp_path / "junit.xml").is_file()

    def test_when_the_contract_tests_start_the_mock_then_no_violation_is_found(self, tmp_path: Path) -> None:
        # Webhooks, because a mock that the run starts must reach its receivers. The README's commands cover a run of all checks.
        result = run_contract(tmp_path, "--only", "webhooks")
        assert result.exit_code == 0, result.output
