"""The model-driven walks: stories are drawn until enough steps were taken, and those that differ are made shorter."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from contract_tests.compare.comparing import Comparison
from contract_tests.compare.environments import PairedEnvironment
from contract_tests.compare.pace import TooSlow
from contract_tests.compare.scenarios import PairedScenario, paired_scenario, tell_again
from contract_tests.compare.summary import Difference, Summary
from contract_tests.compare.targets import Pair
from contract_tests.findings import CannotRun
from contract_tests.model.machine import Walk, explore
from contract_tests.model.profiles import Profile
from contract_tests.model.shrinking import shortened
from contract_tests.model.state import State
from contract_tests.model.steps import Step
from contract_tests.safety import RefusedToSend
from contract_tests.transport import NoAnswer

_STEPS_IN_A_STORY = 40
_LONGEST_SHORTENING_SECONDS = 12.0
_ALL_SHORTENING_SECONDS = 40.0
_INTERRUPTIONS = (NoAnswer, CannotRun, RefusedToSend, TooSlow)


@dataclass(frozen=True, slots=True)
class Stories:
    """All stories of one run."""

    pair: Pair
    paired: PairedEnvironment
    summary: Summary
    tell: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic

    def scenario(self, steps: int, *, seed: int) -> None:
        """Take so many steps, the themes in equal parts. The same seed takes the same. Errors: NoAnswer; CannotJudge."""
        profiles = list(self.paired.profiles.items())
        begun = self.summary.steps
        for number, (name, profile) in enumerate(profiles, start=1):
            self._walk_theme(name, profile, until=begun + steps * number // len(profiles), seed=seed)

    def shorten(self) -> None:
        """Give every difference that a story has found the shortest one, as time allows. Errors: NoAnswer; CannotJudge."""
        told = [one for one in self.summary.by_gravity() if one.story]
        until = self.clock() + _ALL_SHORTENING_SECONDS
        for number, difference in enumerate(told, start=1):
            if self.clock() > until:
                break
            self.tell(f"making story {number} of {len(told)} shorter")
            self.summary.improve(difference, self._shortest(difference))

    def _walk_theme(self, name: str, profile: Profile, *, until: int, seed: int) -> None:
        before = -1
        # One round is not enough where stories end early; one that takes no step says that there are none to take.
        while before < self.summary.steps < until:
            before = self.summary.steps
            stories = math.ceil((until - before) / _STEPS_IN_A_STORY)
            try:
                explore(
                    profile,
                    lambda: self._open(name, until),
                    seed=seed + before,
                    stories=stories,
                    steps=_STEPS_IN_A_STORY,
                )
            except _Stopped as stopped:
                raise stopped.problem from None

    @contextmanager
    def _open(self, profile: str, until: int) -> Iterator[Walk]:
        def compared(comparison: Comparison, difference: Difference) -> None:
            self.summary.count(profile, comparison.verdict)
            self.summary.excuse(comparison, difference.left)
            if comparison.verdict.is_difference:
                self.summary.keep(difference)

        with _stopping(), self.paired.scenes() as scenes:
            scenario = paired_scenario(self.pair, self.paired, scenes, profile, compared)
            yield _Counted(scenario, self, until)
            if self.paired.may_write and not scenario.is_over:
                scenario.look_back()

    def _shortest(self, difference: Difference) -> Difference | None:
        if not self.paired.may_write:
            # Nothing was changed before it, though it may have shown what this contradicts.
            alone = tell_again(self.pair, self.paired, difference.story[-1:], difference)
            return alone or tell_again(self.pair, self.paired, difference.story, difference)
        again = tell_again(self.pair, self.paired, difference.story, difference)
        if again is None:
            return None
        return shortened(
            again,
            lambda story: tell_again(self.pair, self.paired, story, difference),
            longest_seconds=_LONGEST_SHORTENING_SECONDS,
        )


class _Stopped(BaseException):
    """Ends a search at once. Hypothesis lets it pass, because it is no Exception; `problem` says why."""

    def __init__(self, problem: Exception) -> None:
        self.problem = problem


@contextmanager
def _stopping() -> Iterator[None]:
    try:
        yield
    except _INTERRUPTIONS as problem:
        raise _Stopped(problem) from problem


class _Counted:
    """A walk that takes steps until there are enough, or it is over; what Hypothesis draws then is only thought of."""

    def __init__(self, scenario: PairedScenario, stories: Stories, until: int) -> None:
        self._walk = scenario
        self._stories = stories
        self._until = until

    @property
    def state(self) -> State:
        return self._walk.state

    def take(self, step: Step) -> None:
        summary = self._stories.summary
        if self._walk.is_over or summary.steps >= self._until:
            self._walk.imagine(step)
            return
        summary.steps += 1
        self._stories.tell(f"step {summary.steps}, {len(summary.differences)} differences so far")
        with _stopping():
            self._walk.take(step)
