"""Runs and replays that report chosen rules only: other findings do not count, and the report says that they may exist."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contract_tests.checks.rules import Rule
from contract_tests.cli import main
from contract_tests.config.gaps import Remedy
from contract_tests.config.settings import Settings
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Request, proxy
from polar_contract.json_types import as_list, as_object
from tests.contract_tests.running import RunResult, run_contract, run_with_pytest


def _reversed_and_without_challenge(request: Request, forward: Forward) -> Answer:
    """Lists of orders are in the wrong order, and no 401 has its challenge."""
    answer = forward(request)
    if "/orders/?" in request.path and answer.status == 200:
        page = json.loads(answer.body)
        return answer.but(body=json.dumps({**page, "items": page["items"][::-1]}).encode())
    kept = {name: value for name, value in answer.headers.items() if name.lower() != "www-authenticate"}
    return answer.but(headers=kept)


def _replay(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["replay", *arguments])


class GivenATargetThatBreaksTwoRules:
    def test_when_one_is_chosen_then_runs_and_replays_report_and_count_only_its_violations(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        result = _run_on_a_faulty_mock(good_mock, tmp_path, Rule.SORTED)
        assert result.exit_code == 1, result.output
        assert {rule for rule, _ in result.findings()} == {Rule.SORTED}
        assert result.last_line.endswith("Only this rule was reported: list.sorted.")
        assert result.summary["only_rules"] == ["list.sorted"]
        assert Rule.HEADERS_SENT.id not in result.output
        junit = (result.reports / "junit.xml").read_text("utf-8")
        assert (Rule.SORTED.id in junit, Rule.HEADERS_SENT.id in junit) == (True, False)
        file = str(result.reports / "exchanges.har")
        whole, broken = _replay(file), _replay(file, "--only-rule", Rule.HEADERS_SENT.id)
        assert (whole.exit_code, Rule.SORTED.id in whole.output, Rule.HEADERS_SENT.id in whole.output) == (
            1,
            True,
            True,
        )
        assert (broken.exit_code, Rule.SORTED.id in broken.output) == (1, False)
        kept = _replay(file, "--only-rule", Rule.PAGE_UNIQUE.id)
        assert kept.exit_code == 0, kept.output
        assert kept.stdout.splitlines()[-1].endswith("0 findings. Only this rule was reported: page.unique.")

    def test_when_others_are_chosen_then_the_run_passes_and_says_what_it_did_not_report(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        result = _run_on_a_faulty_mock(good_mock, tmp_path, Rule.PAGE_UNIQUE, Rule.AMOUNTS)
        assert result.exit_code == 0, result.output
        assert "no violations of the chosen rules found" in result.last_line
        assert result.last_line.endswith("Only these rules were reported: page.unique, order.amounts.")
        remedies = {str(as_object(one)["remedy"]) for one in as_list(result.summary["not_checked"])}
        assert Remedy.RULES in remedies


def _run_on_a_faulty_mock(mock: RunningMock, reports: Path, *rules: Rule) -> RunResult:
    """A run against a mock that breaks two rules in the first requests of the table."""
    chosen = [word for rule in rules for word in ("--only-rule", rule.id)]
    with proxy(mock.base_url, _reversed_and_without_challenge) as faulty:
        some = ("--base-url", faulty.base_url, "--only", "core", "--max-requests", "40")
        return run_contract(reports, *some, *chosen)


@pytest.mark.parametrize(
    ("rule", "hint"),
    [("page.uniqe", "the closest are page.unique, "), ("zzz", "`polar-contract rules` lists them all.")],
)
def test_when_no_rule_has_the_id_then_one_sentence_says_so(tmp_path: Path, rule: str, hint: str) -> None:
    for result in (run_contract(tmp_path, "--only-rule", rule), _replay("none.har", "--only-rule", rule)):
        assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
        assert result.output.startswith(f"--only-rule {rule} is not the id of a rule; {hint}")


def test_when_pytest_is_called_directly_then_it_takes_the_same_option(tmp_path: Path) -> None:
    result = run_with_pytest(tmp_path, "--only-rule", "page.uniqe")
    assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
    assert result.output.startswith("Exit: --only-rule page.uniqe is not the id of a rule; the closest are page.unique")


def test_when_rules_are_chosen_then_the_run_is_not_whole() -> None:
    assert Settings().is_whole
    assert not Settings(only_rules=(Rule.PAGE_UNIQUE.id,)).is_whole


def test_when_the_rules_are_listed_then_each_has_its_line() -> None:
    listed = CliRunner().invoke(main, ["rules"])
    assert listed.exit_code == 0
    assert [tuple(line.split(maxsplit=1)) for line in listed.stdout.splitlines()] == [
        (rule.id, rule.sentence) for rule in Rule
    ]
