"""Generates stories from the model until enough steps were taken, and shortens the stories that show a difference."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from contract_tests.config.errors import CannotRun
from contract_tests.model.state import State
from contract_tests.model.steps import Step
from contract_tests.suites.stateful.machine import RunningStory, explore
from contract_tests.suites.stateful.profiles import Profile
from contract_tests.suites.stateful.shrinking import shortened
from contract_tests.tools.compare.comparing import Comparison
from contract_tests.tools.compare.environments import PairedEnvironment
from contract_tests.tools.compare.pace import TooSlow
from contract_tests.tools.compare.paired_story import PairedStory, paired_story, run_again
from contract_tests.tools.compare.summary import Difference, Summary
from contract_tests.tools.compare.targets import Pair
from contract_tests.transport.guards import RefusedToSend
from contract_tests.transport.session import NoAnswer

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
    report: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic

    def run(self, steps: int, *, seed: int) -> None:
        """Take `steps` steps, divided equally among the profiles. The same seed takes the same steps. Errors: NoAnswer; CannotRun."""
        profiles = list(self.paired.profiles.items())
        begun = self.summary.steps
        for number, (name, profile) in enumerate(profiles, start=1):
            self._explore_profile(name, profile, until=begun + steps * number // len(profiles), seed=seed)

    def shorten(self) -> None:
        """Shorten the story of every difference that a story has found, within the time limit. Errors: NoAnswer; CannotRun."""
        with_story = [one for one in self.summary.by_gravity() if one.story]
        until = self.clock() + _ALL_SHORTENING_SECONDS
        for number, difference in enumerate(with_story, start=1):
            if self.clock() > until:
                break
            self.report(f"shortening story {number} of {len(with_story)}")
            self.summary.improve(difference, self._shortest(difference))

    def _explore_profile(self, name: str, profile: Profile, *, until: int, seed: int) -> None:
        before = -1
        # Stories may end early, so one round may not be enough. A round without a step means that no step is possible.
        while before < self.summary.steps < until:
            before = self.summary.steps
            try:
                self._explore_once(name, profile, until=until, seed=seed + before)
            except _Stopped as stopped:
                raise stopped.problem from None

    def _explore_once(self, name: str, profile: Profile, *, until: int, seed: int) -> None:
        taken = self.summary.steps
        # Hypothesis begins with the simplest story, which repeats one step over and over: nothing of it is sent.
        ends = itertools.chain([taken], itertools.repeat(until))
        stories = 1 + math.ceil((until - taken) / _STEPS_IN_A_STORY)
        explore(profile, lambda: self._open(name, next(ends)), seed=seed, stories=stories, steps=_STEPS_IN_A_STORY)

    @contextmanager
    def _open(self, profile: str, until: int) -> Iterator[RunningStory]:
        def compared(comparison: Comparison, difference: Difference) -> None:
            self.summary.count(profile, comparison.verdict)
            self.summary.excuse(comparison, difference.left)
            if comparison.verdict.is_difference:
                self.summary.keep(difference)

        with _stopping(), self.paired.bindings() as bindings:
            story = paired_story(self.pair, self.paired, bindings, profile, compared)
            yield _Counted(story, self, until)
            if self.paired.may_write and story.has_begun and not story.is_over:
                story.follow_up()

    def _shortest(self, difference: Difference) -> Difference | None:
        if not self.paired.may_write:
            # The steps before the last one changed nothing, but the last step may contradict what they have shown.
            alone = run_again(self.pair, self.paired, difference.story[-1:], difference)
            return alone or run_again(self.pair, self.paired, difference.story, difference)
        again = run_again(self.pair, self.paired, difference.story, difference)
        if again is None:
            return None
        return shortened(
            again,
            lambda story: run_again(self.pair, self.paired, story, difference),
            longest_seconds=_LONGEST_SHORTENING_SECONDS,
        )


class _Stopped(BaseException):
    """Ends a search at once. Hypothesis does not catch it, because it is not an Exception; `problem` is the cause."""

    def __init__(self, problem: Exception) -> None:
        self.problem = problem


@contextmanager
def _stopping() -> Iterator[None]:
    try:
        yield
    except _INTERRUPTIONS as problem:
        raise _Stopped(problem) from problem


class _Counted:
    """A story that sends steps until the number is reached or the story is over.

    Steps that Hypothesis generates after that only change the model's state.
    """

    def __init__(self, story: PairedStory, stories: Stories, until: int) -> None:
        self._story = story
        self._stories = stories
        self._until = until

    @property
    def state(self) -> State:
        return self._story.state

    def take(self, step: Step) -> None:
        summary = self._stories.summary
        if self._story.is_over or summary.steps >= self._until:
            self._story.imagine(step)
            return
        summary.steps += 1
        self._stories.report(f"step {summary.steps}, {len(summary.differences)} differences so far")
        with _stopping():
            self._story.take(step)
