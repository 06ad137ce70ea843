"""Several processes run the same checks with the same verdict as one, in one report; only one of them tests a live account."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.config.settings import Share
from contract_tests.runner.workers import share_of
from contract_tests.targets.control_api import Control
from mock_server.testing import RunningMock
from mutants.catalogue import catalogue
from mutants.proxy import Answer, Forward, Request, proxy
from polar_contract.json_types import as_object
from tests.contract_tests.interrupting import Ask, every_way, interrupted
from tests.contract_tests.running import RunResult, run_contract
from tests.contract_tests.services import quick_world, without_control_api

_QUICK = ("--only", "core", "--only", "webhooks", "--only", "scenarios")


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


class GivenTwoProcesses:
    def test_when_a_mock_is_tested_then_checks_requests_and_verdict_are_those_of_one(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        control = Control(good_mock.base_url, lambda secret, name: None, 10.0)
        before = control.call("GET", "/_mock/worlds")
        runs = [
            run_contract(tmp_path / str(workers), "--base-url", good_mock.base_url, *_QUICK, "--workers", str(workers))
            for workers in (1, 2)
        ]
        assert control.call("GET", "/_mock/worlds") == before, "no world remains"
        assert [run.exit_code for run in runs] == [0, 0], runs[1].output
        assert runs[0].summary["counts"] == runs[1].summary["counts"]
        assert runs[0].summary["table"] == runs[1].summary["table"]
        assert _reported(runs[0]) == _reported(runs[1])
        assert sorted(file.name for file in runs[1].reports.iterdir()) == sorted(
            file.name for file in runs[0].reports.iterdir()
        )

    def test_when_a_defect_is_planted_then_it_is_found_and_no_secret_is_reported(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        seen_tokens: set[str] = set()
        plant = catalogue()["webhook: signed with another secret"].plant()

        def layer(request: Request, forward: Forward) -> Answer:
            seen_tokens.update({request.token or ""})
            return plant(request, forward)

        with proxy(good_mock.base_url, layer) as faulty:
            result = run_contract(tmp_path, "--base-url", faulty.base_url, "--only", "webhooks", "--workers", "2")
        assert result.exit_code == 1, result.output
        assert Rule.SIGNED.sentence in result.output
        secrets = [token for token in seen_tokens if token and "Nonsense" not in token]
        for file in tmp_path.iterdir():
            text = file.read_text("utf-8")
            assert not [token for token in secrets if token in text], file

    def test_when_it_is_a_live_account_then_one_process_tests_it(self, good_mock: RunningMock, tmp_path: Path) -> None:
        sent = []
        for workers in ("1", "2"):
            with (
                quick_world(good_mock, reissue="as-documented") as world,
                proxy(good_mock.base_url, without_control_api) as live,
            ):
                tokens = {"POLAR_CUSTOMER_TOKEN": world.tokens["customer"]}
                arguments = ("--base-url", live.base_url, "--only", "core", "--workers", workers)
                result = run_contract(tmp_path, *arguments, environment=tokens)
                assert result.exit_code == 0, result.output
                sent.append(as_object(result.summary["counts"])["passed"])
        assert sent[0] == sent[1]

    def test_when_no_server_answers_then_one_sentence_reports_it_once(self, tmp_path: Path) -> None:
        result = run_contract(tmp_path, "--base-url", "http://127.0.0.1:9", "--workers", "2")
        assert result.exit_code == 2
        assert "cannot be reached" in result.last_line
        assert "Traceback" not in result.output

    @every_way
    @pytest.mark.parametrize("workers", ["1", "2"])
    def test_when_it_is_interrupted_then_what_was_found_is_kept_and_the_exit_code_is_2(
        self, good_mock: RunningMock, tmp_path: Path, workers: str, ask: Ask
    ) -> None:
        options = ("--workers", workers, "--reports", str(tmp_path))
        ended = interrupted(
            good_mock.base_url, lambda url: ["run", "--base-url", url, *options], ask, after_answers=100
        )
        assert ended.exit_code == 2, ended.output
        assert "was interrupted" in ended.output
        assert "Traceback" not in ended.output
        assert (tmp_path / "summary.json").is_file()
        assert (tmp_path / "exchanges.har").is_file()


def _reported(result: RunResult) -> set[str]:
    cases = ElementTree.parse(result.reports / "junit.xml").iter("testcase")
    return {f"{case.get('classname')} {case.get('name')}" for case in cases}
