"""The catalogue and its runner: names are unique, a layer that changes nothing counts as missed, a failing layer is not a catch."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner

from contract_tests.checks.rules import Rule
from contract_tests.reporting.progress import Progress
from mock_server.testing import RunningMock
from mutants.__main__ import chosen_mutants, main
from mutants.catalogue import catalogue
from mutants.comparing import compare_mutant
from mutants.operators import Mutant
from mutants.proxy import Answer, Forward, Request
from mutants.running import run_on_mutant
from mutants.runs import outcomes

_THREE = ("first", "second", "third")
_QUICKEST = ("--only", "webhooks")


def test_the_catalogue_has_many_defects_and_names_them_by_family() -> None:
    every = catalogue()
    assert len(every) >= 60
    assert all(name == f"{one.family}: {one.name}" for name, one in every.items())


def test_when_a_defect_changes_nothing_then_it_counts_as_missed(good_mock: RunningMock) -> None:
    nothing = Mutant("nothing", "status", lambda: lambda request, forward: forward(request))
    caught = run_on_mutant(good_mock.base_url, nothing, _QUICKEST)
    assert not caught.is_caught
    assert caught.exit_code == 0
    assert caught.requests > 100


def test_when_a_layer_fails_itself_then_it_is_not_counted_as_caught(good_mock: RunningMock) -> None:
    def failing(request: Request, forward: Forward) -> Answer:
        raise KeyError("customer")

    caught = run_on_mutant(good_mock.base_url, Mutant("broken", "status", lambda: failing), _QUICKEST)
    assert not caught.is_caught
    assert "KeyError" in caught.last_line


@pytest.mark.parametrize(
    ("names", "at_least", "with_name"),
    [
        ((), 60, "webhook: unsigned"),
        (("webhook",), 10, "webhook: unsigned"),
        (("PATCH LEAKS",), 1, "rule: PATCH leaks to another order"),
    ],
)
def test_when_names_are_given_then_defects_whose_names_contain_one_are_chosen(
    names: tuple[str, ...], at_least: int, with_name: str
) -> None:
    chosen = chosen_mutants(names)
    assert len(chosen) >= at_least
    assert with_name in chosen


def test_when_no_defect_has_such_a_name_then_a_message_says_so() -> None:
    done = CliRunner().invoke(main, ["no-such-defect"])
    assert done.exit_code == 2
    assert "'no-such-defect'" in done.output


def test_when_a_defect_is_caught_then_the_table_names_rule_and_requests_and_the_exit_code_is_0() -> None:
    done = CliRunner().invoke(main, ["two errors swapped"])
    assert done.exit_code == 0, done.output
    assert Rule.UNEXPECTED.sentence in done.output
    assert "1 of 1 defects caught" in done.output


def test_when_they_are_listed_then_nothing_is_run() -> None:
    done = CliRunner().invoke(main, ["--list", "unreliable"])
    assert done.exit_code == 0
    assert done.output.splitlines()[0] == "unreliable: every answer is slow"


@pytest.mark.parametrize("option", ["--compare", "--parity"])
def test_when_a_defect_is_compared_then_the_table_says_how_it_differs_and_what_found_it(option: str) -> None:
    done = CliRunner().invoke(main, [option, "two errors swapped"])
    assert done.exit_code == 0, done.output
    assert "by scenario: table 1" in done.output
    assert "1 of 1 defects differ from the good mock." in done.output


def test_when_a_defect_changes_nothing_then_no_difference_from_the_good_mock_is_found(good_mock: RunningMock) -> None:
    nothing = Mutant("nothing", "status", lambda: lambda request, forward: forward(request))
    compared = compare_mutant(good_mock.base_url, nothing, ("--steps", "40", "--no-checks"))
    assert not compared.is_found
    assert "answer the same" in compared.last_line


def test_when_it_is_interrupted_then_what_was_done_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    def run(one: Mutant) -> str:
        if one.name == "second":
            raise KeyboardInterrupt
        return f"{one.name} done"

    chosen = {name: Mutant(name, "status", lambda: lambda request, forward: forward(request)) for name in _THREE}
    done, are_all = outcomes(chosen, run, 1, Progress(sys.stderr))
    assert done == {"first": "first done"}
    assert not are_all
    assert capsys.readouterr().err == ""
