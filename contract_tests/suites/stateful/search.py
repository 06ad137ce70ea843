"""Searches for a story that the target answers wrongly: explores, repeats a failed story, shortens and reports it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from hypothesis.errors import Flaky

from contract_tests.checks.findings import ContractBroken, Finding
from contract_tests.checks.rules import Rule
from contract_tests.config.errors import CannotRun
from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.model.state import State, first_state
from contract_tests.model.steps import Step
from contract_tests.runner.context import RunContext
from contract_tests.suites.stateful.live import live_bindings
from contract_tests.suites.stateful.machine import RunningStory, explore
from contract_tests.suites.stateful.performing import bindings_of
from contract_tests.suites.stateful.profiles import LATER_PROFILES, PROFILES, Profile, reads
from contract_tests.suites.stateful.repro_script import write_story
from contract_tests.suites.stateful.shrinking import shortened
from contract_tests.suites.stateful.step_runner import Begin, Failure, StepRunner, replay
from contract_tests.transport.guards import RefusedToSend
from contract_tests.transport.session import NoAnswer

STEPS = 30
LIVE_STORIES, LIVE_STEPS = 2, 12
_INTERRUPTIONS = (NoAnswer, CannotRun, RefusedToSend)


def run_profile(context: RunContext, profile: str, *, clock: Callable[[], float] = time.monotonic) -> None:
    """Check stories of one profile; `clock`, in seconds, limits how long a failing one is shortened.

    Errors: ContractBroken with the shortest failing story; NoAnswer; CannotRun.
    """
    is_mock = context.target.is_mock
    if not is_mock and profile != "orders":
        why = "they write, and a live account only gets reads and refusals"
        not_checked(f"stories of {profile}", why, Remedy.MOCK, "stories that change an account")
    begin = _beginning(context) if is_mock else _reading(context)
    settings = context.case.settings
    search = _Search(begin)
    if is_mock:
        search.run(
            {**PROFILES, **LATER_PROFILES}[profile], seed=settings.seed, stories=settings.max_examples, steps=STEPS
        )
    else:
        search.run(reads, seed=settings.seed, stories=min(settings.max_examples, LIVE_STORIES), steps=LIVE_STEPS)
    if search.first is not None:
        raise ContractBroken(_confirmed(context, search.first, begin, profile, clock))


class _Stopped(BaseException):
    """Ends a search at once. Hypothesis does not catch it, because it is not an Exception; `problem` is the cause."""

    def __init__(self, problem: Exception) -> None:
        self.problem = problem


class _Search:
    """Runs a search and keeps the first story that failed, independent of what Hypothesis does afterwards."""

    def __init__(self, begin: Begin) -> None:
        self.first: Failure | None = None
        self._begin = begin

    def run(self, profile: Profile, *, seed: int, stories: int, steps: int) -> None:
        try:
            explore(profile, self._open, seed=seed, stories=stories, steps=steps)
        except (ContractBroken, Flaky):
            if self.first is None:
                raise
        except _Stopped as stopped:
            raise stopped.problem from None

    @contextmanager
    def _open(self) -> Iterator[RunningStory]:
        try:
            with self._begin(True) as runner:
                yield _Recorded(runner, self._keep)
        except _INTERRUPTIONS as problem:
            raise _Stopped(problem) from problem

    def _keep(self, failure: Failure) -> None:
        self.first = self.first or failure


class _Recorded:
    """A step runner whose failures are kept."""

    def __init__(self, runner: StepRunner, keep: Callable[[Failure], None]) -> None:
        self._runner = runner
        self._keep = keep

    @property
    def state(self) -> State:
        return self._runner.state

    def take(self, step: Step) -> None:
        try:
            self._runner.take(step)
        except ContractBroken as broken:
            self._keep(self._runner.failure(broken))
            raise
        except _INTERRUPTIONS as problem:
            raise _Stopped(problem) from problem


def _beginning(context: RunContext) -> Begin:
    @contextmanager
    def begin(has_follow_ups: bool) -> Iterator[StepRunner]:
        with context.target.fixtures("model") as fixtures:
            world = fixtures.worlds[0]
            world.hold_clock()
            yield StepRunner(context, bindings_of(world), first_state(), has_follow_ups=has_follow_ups)

    return begin


def _reading(context: RunContext) -> Begin:
    @contextmanager
    def begin(_has_follow_ups: bool) -> Iterator[StepRunner]:
        with context.target.fixtures() as fixtures:
            bindings, state = live_bindings(context, fixtures)
            # Nothing is changed, so there is nothing to read afterwards.
            yield StepRunner(context, bindings, state, has_follow_ups=False)

    return begin


def _confirmed(
    context: RunContext, failure: Failure, begin: Begin, profile: str, clock: Callable[[], float]
) -> list[Finding]:
    """The findings of a story that fails again in the same way; otherwise the finding that it does not fail again."""
    for story in (failure.story, failure.whole_story):
        again = replay(story, begin)
        if again is not None and again.kind == failure.kind:
            shortest = shortened(again, lambda story: replay(story, begin), clock=clock)
            script = write_story(context, shortest, profile)
            return [replace(finding, reproduce=script) for finding in shortest.findings]
    if not context.target.is_mock:
        not_checked(
            "orders", "the account changed during the run", Remedy.NOWHERE, "an account that changes during the run"
        )
    first = failure.findings[0]
    got = f"first run: {first.got}; second run: {again.findings[0].got if again else 'the expected answer'}"
    script = write_story(context, failure, profile)
    return [replace(first, rule=Rule.SAME_ANSWERS, got=got, reproduce=script)]
