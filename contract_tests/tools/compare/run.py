"""Runs one comparison: opens both targets, sends the table and the stories, shortens them, prints the report. Reads no options."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console

from contract_tests.config.errors import CannotRun
from contract_tests.config.gaps import NotChecked
from contract_tests.config.settings import Settings
from contract_tests.reporting.progress import Progress
from contract_tests.tools.compare.check_results import compare_checks
from contract_tests.tools.compare.environments import open_environment
from contract_tests.tools.compare.pace import TooSlow
from contract_tests.tools.compare.report import print_differences, result_line
from contract_tests.tools.compare.revision import settle
from contract_tests.tools.compare.stories import Stories
from contract_tests.tools.compare.summary import Difference, Enough, Summary
from contract_tests.tools.compare.table import compare_table
from contract_tests.tools.compare.targets import Pair, open_pair
from contract_tests.transport.budgets import cut_off_sentence
from contract_tests.transport.guards import RefusedToSend
from contract_tests.transport.session import NoAnswer
from contract_tests.transport.visible import visible_line
from polar_contract import ContractError, load_contract

MOCK_STEPS, LIVE_STEPS = 500, 30
_CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Wish:
    """What to compare. `steps` is None for the default number, which depends on the kind of the targets."""

    left: Settings
    right: Settings
    steps: int | None
    seed: int
    makes_checks: bool = True
    """Whether two mocks also run the contract tests."""
    fails_fast: bool = False
    """Whether the first difference ends the comparison."""
    is_strict: bool = False
    """Whether known differences count."""


def run(wish: Wish, console: Console, *, stream: TextIO) -> int:
    """Compare, print the report, return the exit code. Errors: CannotRun when a target can't be opened."""
    started = time.monotonic()
    try:
        settled = settle(wish.left, wish.right)
        contract = load_contract(settled.left.revision)
    except ContractError as problem:
        raise CannotRun(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from problem
    if settled.sentence:
        console.print(visible_line(settled.sentence), markup=False, soft_wrap=True)
    with open_pair(settled.left, settled.right, contract, is_strict=wish.is_strict) as pair:
        summary = Summary(fails_fast=wish.fails_fast)
        why_early = _compare(pair, summary, wish, Progress(stream))
        for side in (pair.left, pair.right):
            if side.client.guarded.through:
                console.print(
                    f"{side.name}: through the proxy {side.client.guarded.through}", markup=False, soft_wrap=True
                )
        print_differences(pair, summary, console)
        requests = settled.requests + sum(side.context.case.ledger.requests for side in (pair.left, pair.right))
        seconds = time.monotonic() - started
        steps = f"{summary.steps} steps, {requests} requests in {seconds:.1f} s, seed {wish.seed}"
        console.print(steps, markup=False, soft_wrap=True)
        last = result_line(pair, summary, why_early)
        text = visible_line(pair.redact(f"{last[:1].upper()}{last[1:]}"))
        console.print(text, markup=False, soft_wrap=True)
    return 1 if summary.differences else 2 if why_early else 0


def _compare(pair: Pair, summary: Summary, wish: Wish, progress: Progress) -> str | None:
    """Why the comparison ended early, or None. The summary holds what was found until then."""
    steps = wish.steps if wish.steps is not None else MOCK_STEPS if pair.are_mocks else LIVE_STEPS
    try:
        with open_environment(pair, summary, report=progress.say) as paired:
            compare_table(pair, paired, summary, report=progress.say)
            stories = Stories(pair, paired, summary, progress.say)
            stories.run(steps, seed=wish.seed)
            stories.shorten()
        # Each missing response takes the whole timeout, and there already are differences to report.
        if pair.are_mocks and wish.makes_checks and not pair.asker.missing:
            progress.say("running the contract tests on both targets")
            compare_checks(pair, summary)
    except Enough:
        return None
    except TooSlow as problem:
        return _report_slow(problem, summary)
    except NoAnswer as problem:
        return f"{problem.asked.method} {problem.asked.url} got no complete answer."
    except (CannotRun, RefusedToSend, NotChecked) as problem:
        return cut_off_sentence(problem) if isinstance(problem, NotChecked) else str(problem)
    except KeyboardInterrupt:
        return "it was interrupted."
    finally:
        progress.clear()
    return None if summary.compared else "there was no request that both targets could be sent."


def _report_slow(problem: TooSlow, summary: Summary) -> str:
    """Keep the slowness as a difference; returns the reason why the comparison ended."""
    summary.count(_CLOCK, problem.comparison.verdict)
    with suppress(Enough):
        summary.keep(Difference(problem.comparison, problem.left, problem.right, "the clock"))
    return str(problem)
