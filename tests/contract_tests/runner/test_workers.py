"""Several processes run the same checks with the same verdict as one, in one report; only one of them tests a live account."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast
from xml.etree import ElementTree

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.config.settings import Share
from contract_tests.runner.workers import checks_of, share_of
from contract_tests.targets.control_api import Control
from mock_server.testing import RunningMock
from mutants.defects import planted
from mutants.proxy import proxy
from polar_contract.json_types import as_object
from tests.contract_tests.interrupting import Ask, by_ctrl_c, every_way, interrupted
from tests.contract_tests.running import RunResult, run_contract
from tests.contract_tests.services import quick_world, without_control_api


class GivenShares:
    @pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
    def test_when_they_are_distributed_then_every_item_is_in_one_and_bound_ones_stay_together(self, count: int) -> None:
        items = [f"free {number}" for number in range(17)] + [f"bound {number}" for number in range(5)]
        shares = [
            share_of(items, Share(index, count), is_bound=lambda item: item.startswith("bound"))
            for index in range(count)
        ]
        assert sorted(item for share in shares for item in share) == sorted(items)
        assert [item for item in shares[0] if item.startswith("bound")] == [f"bound {number}" for number in range(5)]

    def test_when_the_target_is_a_mock_then_the_rows_of_the_core_table_stay_in_their_order_in_the_first(self) -> None:
        core, others = ([_item(f"test_{name}.py") for _ in range(4)] for name in ("core", "webhooks"))
        first, second = (checks_of([*core, *others], Share(index, 2), is_mock=True) for index in range(2))
        assert (first, second) == ([*core, *others[::2]], others[1::2])

    def test_when_the_target_is_a_live_account_then_the_first_has_every_check(self) -> None:
        items = [_item(f"test_{name}.py") for name in ("core", "webhooks", "webhooks")]
        assert [checks_of(items, Share(index, 2), is_mock=False) for index in range(2)] == [items, []]


def _item(file: str) -> pytest.Item:
    """A check of this file."""
    return cast(pytest.Item, SimpleNamespace(path=Path(file)))


class GivenTwoProcesses:
    def test_when_a_defect_is_planted_then_they_report_what_one_reports_and_no_secret(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        control = Control(good_mock.base_url, lambda secret, name: None, 10.0)
        before = control.call("GET", "/_mock/worlds")
        with proxy(good_mock.base_url, planted("webhook: signed with another secret")) as faulty:
            target = ("--base-url", faulty.base_url, "--only", "webhooks")
            one, two = (run_contract(tmp_path / count, *target, "--workers", count) for count in ("1", "2"))
        assert control.call("GET", "/_mock/worlds") == before, "no world remains"
        assert (one.exit_code, two.exit_code) == (1, 1), two.output
        assert Rule.SIGNED.sentence in two.output
        assert sorted(one.findings()) == sorted(two.findings())
        assert [one.summary[part] for part in ("counts", "table")] == [
            two.summary[part] for part in ("counts", "table")
        ]
        assert _reported(one) == _reported(two)
        assert {file.name for file in one.reports.iterdir()} == {file.name for file in two.reports.iterdir()}
        tokens = {request.token for request in faulty.seen if request.token and "Nonsense" not in request.token}
        for file in two.reports.iterdir():
            text = file.read_text("utf-8")
            assert not [token for token in tokens if token in text], file

    def test_when_it_is_a_live_account_then_one_process_tests_it(self, good_mock: RunningMock, tmp_path: Path) -> None:
        with (
            quick_world(good_mock, reissue="as-documented") as world,
            proxy(good_mock.base_url, without_control_api) as live,
        ):
            some = ("--only", "core", "--max-requests", "60", "--workers", "2")
            tokens = {"POLAR_CUSTOMER_TOKEN": world.tokens["customer"]}
            result = run_contract(tmp_path, "--base-url", live.base_url, *some, environment=tokens)
        assert result.exit_code == 0, result.output
        # A second one would pass as many.
        assert as_object(result.summary["counts"])["passed"] in range(30, 61)

    def test_when_no_server_answers_then_one_sentence_reports_it_once(self, tmp_path: Path) -> None:
        result = run_contract(tmp_path, "--base-url", "http://127.0.0.1:9", "--workers", "2")
        assert result.exit_code == 2
        assert "cannot be reached" in result.last_line
        assert "Traceback" not in result.output

    @every_way
    def test_when_it_is_interrupted_then_what_was_found_is_kept_and_the_exit_code_is_2(
        self, good_mock: RunningMock, tmp_path: Path, ask: Ask
    ) -> None:
        _expect_results_of_an_interrupted_run(good_mock, tmp_path, ask, "--workers", "2")


class GivenOneProcess:
    def test_when_it_is_interrupted_then_what_was_found_is_kept_and_the_exit_code_is_2(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        _expect_results_of_an_interrupted_run(good_mock, tmp_path, by_ctrl_c)


def _expect_results_of_an_interrupted_run(mock: RunningMock, reports: Path, ask: Ask, *options: str) -> None:
    options = ("--only", "scenarios", "--reports", str(reports), *options)
    ended = interrupted(mock.base_url, lambda url: ["run", "--base-url", url, *options], ask, after_answers=100)
    assert ended.exit_code == 2, ended.output
    assert "was interrupted" in ended.output
    assert "Traceback" not in ended.output
    assert (reports / "summary.json").is_file()
    assert (reports / "exchanges.har").is_file()


def _reported(result: RunResult) -> set[str]:
    cases = ElementTree.parse(result.reports / "junit.xml").iter("testcase")
    return {f"{case.get('classname')} {case.get('name')}" for case in cases}
