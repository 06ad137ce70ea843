"""The judge is tested: every planted defect is found, and the good mock is spared."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from mock_server.testing import RunningMock
from mutants.proxy import proxy
from tests.contract_tests.defects import DEFECTS
from tests.contract_tests.judging import Judged, judge, judge_with_pytest

_QUICK = ("--only", "core", "--only", "scenarios")
_AT_ONCE = 2


@pytest.fixture(scope="module")
def verdicts(good_mock: RunningMock, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[Judged]]:
    """One run per defect, two at a time, begun together because the machine has more than one core."""

    def run(name: str, reports: Path) -> Judged:
        with proxy(good_mock.base_url, DEFECTS[name].layer) as faulty:
            return judge(reports, "--base-url", faulty.base_url, *_QUICK)

    pool = ThreadPoolExecutor(_AT_ONCE)
    futures = {name: pool.submit(run, name, tmp_path_factory.mktemp("defect")) for name in DEFECTS}
    pool.shutdown(wait=False)
    return futures


@pytest.mark.parametrize("name", DEFECTS)
def test_when_a_defect_is_planted_then_the_contract_is_found_broken(
    verdicts: dict[str, Future[Judged]], name: str
) -> None:
    judged = verdicts[name].result()
    assert judged.exit_code == 1, judged.output
    defect = DEFECTS[name]
    assert [one for one in judged.findings() if one[0] == defect.rule and one[1].endswith(defect.operation)]
    assert "breaks the contract" in judged.last_line


def test_when_only_generated_requests_are_made_then_a_defect_is_found_too(
    good_mock: RunningMock, tmp_path: Path
) -> None:
    with proxy(good_mock.base_url, DEFECTS["200 instead of 202"].layer) as faulty:
        judged = judge(tmp_path, "--base-url", faulty.base_url, "--only", "properties", "--max-examples", "1")
    assert judged.exit_code == 1, judged.output


def test_when_the_layer_in_front_changes_nothing_then_nothing_is_found(good_mock: RunningMock, tmp_path: Path) -> None:
    with proxy(good_mock.base_url, lambda request, forward: forward(request)) as clean:
        judged = judge(tmp_path, "--base-url", clean.base_url, *_QUICK)
    assert judged.exit_code == 0, judged.output


class GivenTheGoodMock:
    def test_when_it_is_judged_wholly_then_it_keeps_the_contract(self, good_mock: RunningMock, tmp_path: Path) -> None:
        judged = judge(tmp_path, "--base-url", good_mock.base_url, "--seed", "1", "--max-examples", "3")
        assert judged.exit_code == 0, judged.output
        assert judged.summary["unreached"] == []
        assert "keeps the contract" in judged.last_line

    def test_when_pytest_judges_it_with_another_seed_then_it_keeps_the_contract(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        judged = judge_with_pytest(tmp_path, "--base-url", good_mock.base_url, "--seed", "2", "--max-examples", "3")
        assert judged.exit_code == 0, judged.output
        assert (tmp_path / "junit.xml").is_file()

    def test_when_the_judge_starts_it_itself_then_it_keeps_the_contract(self, tmp_path: Path) -> None:
        judged = judge(tmp_path, *_QUICK)
        assert judged.exit_code == 0, judged.output

    def test_when_it_was_judged_then_no_world_is_left_behind(self, good_mock: RunningMock, tmp_path: Path) -> None:
        from contract_tests.worlds import Control

        control = Control(good_mock.base_url, lambda secret, name: None, 10.0)
        before = control.call("GET", "/_mock/worlds")
        judge(tmp_path, "--base-url", good_mock.base_url, "--only", "scenarios")
        assert control.call("GET", "/_mock/worlds") == before
