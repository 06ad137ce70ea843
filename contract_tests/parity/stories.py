"""The model-driven walks: stories are drawn until enough steps were taken, and those that differ are made shorter."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from contract_tests.findings import CannotJudge
from contract_tests.model.machine import Walk, explore
from contract_tests.model.profiles import Profile
from contract_tests.model.shrinking import shortened
from contract_tests.model.state import State
from contract_tests.model.steps import Step
from contract_tests.parity.comparing import Comparison
from contract_tests.parity.grounds import Ground
from contract_tests.parity.pace import TooSlow
from contract_tests.parity.sides import Pair
from contract_tests.parity.tally import Difference, Tally
from contract_tests.parity.walking import PairWalk, tell_again, walk_on
from contract_tests.safety import RefusedToSend
from contract_tests.transport import NoAnswer

_STEPS_IN_A_STORY = 40
_LONGEST_SHORTENING_SECONDS = 12.0
_ALL_SHORTENING_SECONDS = 40.0
_INTERRUPTIONS = (NoAnswer, CannotJudge, RefusedToSend, TooSlow)


@dataclass(frozen=True, slots=True)
class Stories:
    """All stories of one run."""

    pair: Pair
    ground: Ground
    tally: Tally
    tell: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic

    def walk(self, steps: int, *, seed: int) -> None:
        """Take so many steps, the themes in equal parts. The same seed takes the same. Errors: NoAnswer; CannotJudge."""
        profiles = list(self.ground.profiles.items())
        begun = self.tally.steps
        for number, (name, profile) in enumerate(profiles, start=1):
            self._walk_theme(name, profile, until=begun + steps * number // len(profiles), seed=seed)

    def shorten(self) -> None:
        """Give every difference that a story has found the shortest one, as time allows. Errors: NoAnswer; CannotJudge."""
        told = [one for one in self.tally.by_gravity() if one.story]
        until = self.clock() + _ALL_SHORTENING_SECONDS
        for number, difference in enumerate(told, start=1):
            if self.clock() > until:
                break
            self.tell(f"making story {number} of {len(told)} shorter")
            self.tally.improve(difference, self._shortest(difference))

    def _walk_theme(self, name: str, profile: Profile, *, until: int, seed: int) -> None:
        before = -1
        # One round is not enough where stories end early; one that takes no step says that there are none to take.
        while before < self.tally.steps < until:
            before = self.tally.steps
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
            self.tally.count(profile, comparison.verdict)
            self.tally.excuse(comparison, difference.left)
            if comparison.verdict.is_difference:
                self.tally.keep(difference)

        with _stopping(), self.ground.scenes() as scenes:
            walk = walk_on(self.pair, self.ground, scenes, profile, compared)
            yield _Counted(walk, self, until)
            if self.ground.may_write and not walk.is_over:
                walk.look_back()

    def _shortest(self, difference: Difference) -> Difference | None:
        if not self.ground.may_write:
            # Nothing was changed before it, though it may have shown what this contradicts.
            alone = tell_again(self.pair, self.ground, difference.story[-1:], difference)
            return alone or tell_again(self.pair, self.ground, difference.story, difference)
        again = tell_again(self.pair, self.ground, difference.story, difference)
        if again is None:
            return None
        return shortened(
            again,
            lambda story: tell_again(self.pair, self.ground, story, difference),
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

    def __init__(self, walk: PairWalk, stories: Stories, until: int) -> None:
        self._walk = walk
        self._stories = stories
        self._until = until

    @property
    def state(self) -> State:
        return self._walk.state

    def take(self, step: Step) -> None:
        tally = self._stories.tally
        if self._walk.is_over or tally.steps >= self._until:
            self._walk.imagine(step)
            return
        tally.steps += 1
        self._stories.tell(f"step {tally.steps}, {len(tally.differences)} differences so far")
        with _stopping():
            self._walk.take(step)
