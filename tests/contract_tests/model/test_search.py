"""The search finds what a sequence of requests brings to light, tells it briefly, and finds nothing on the good mock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contract_tests.findings import ContractBroken, Finding
from contract_tests.judging import Judge, prepare_case
from contract_tests.model.search import judge_theme
from contract_tests.model.themes import THEMES
from contract_tests.settings import Settings
from contract_tests.targets import open_target
from mock_server.testing import RunningMock
from polar_contract import Contract
from tests.contract_tests.model.defects import DEFECTS, now_and_then_another_answer
from tests.contract_tests.proxies import proxy

_LONGEST_STORY = 6


@contextmanager
def judge_of(base_url: str, contract: Contract, reports: Path, *, seed: int = 1) -> Iterator[Judge]:
    case = prepare_case(Settings(base_url=base_url, seed=seed, reports=reports), contract)
    with open_target(case.settings, case.operations, ledger=case.ledger, learn=case.redactor.learn) as target:
        yield Judge(case, target)


def findings_of(base_url: str, contract: Contract, reports: Path, theme: str) -> tuple[Finding, ...]:
    with judge_of(base_url, contract, reports) as judge, pytest.raises(ContractBroken) as broken:
        judge_theme(judge, theme)
    return broken.value.findings


def pasted_test(file: Path, base_url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(file)],
        cwd=file.parent,
        env={**os.environ, "POLAR_BASE_URL": base_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class GivenAPlantedDefect:
    @pytest.mark.parametrize("name", DEFECTS)
    def test_when_stories_are_told_then_it_is_found_and_told_briefly(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path, name: str
    ) -> None:
        plant, theme, words = DEFECTS[name]
        with proxy(good_mock.base_url, plant()) as faulty:
            finding = findings_of(faulty.base_url, contract, tmp_path, theme)[0]
            pasted = pasted_test(tmp_path / f"story_{theme}.py", faulty.base_url)
        told = finding.reproduce.splitlines()
        assert words in finding.rule, finding
        assert len(told) - 2 <= _LONGEST_STORY, finding
        assert "polar_cst_" not in finding.reproduce
        assert pasted.returncode == 1, pasted.stdout
        spared = pasted_test(tmp_path / f"story_{theme}.py", good_mock.base_url)
        assert spared.returncode == 0, spared.stdout

    def test_when_an_invoice_does_not_stay_then_it_is_a_promise_that_is_broken(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path
    ) -> None:
        plant, theme, _ = DEFECTS["a second POST renumbers"]
        with proxy(good_mock.base_url, plant()) as faulty:
            assert {one.source for one in findings_of(faulty.base_url, contract, tmp_path, theme)} == {"promise"}


class GivenATargetThatChangesItsMind:
    def test_when_a_story_does_not_fail_again_then_that_is_the_finding(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path
    ) -> None:
        with proxy(good_mock.base_url, now_and_then_another_answer()) as moody:
            finding = findings_of(moody.base_url, contract, tmp_path, "orders")[0]
        assert finding.rule == "The same story gets the same answers"
        assert "4711" in finding.got
        assert "told again" in finding.got


class GivenTheGoodMock:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    @pytest.mark.parametrize("theme", THEMES)
    def test_when_stories_are_told_then_nothing_is_found(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path, theme: str, seed: int
    ) -> None:
        with judge_of(good_mock.base_url, contract, tmp_path, seed=seed) as judge:
            judge_theme(judge, theme)
            assert judge.case.ledger.requests > 100
        assert list(tmp_path.iterdir()) == []

    def test_when_the_seed_is_the_same_then_so_are_the_requests(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path
    ) -> None:
        counted = []
        for _ in range(2):
            with judge_of(good_mock.base_url, contract, tmp_path) as judge:
                judge_theme(judge, "accounts")
                counted.append(judge.case.ledger.reached)
        assert counted[0] == counted[1]
