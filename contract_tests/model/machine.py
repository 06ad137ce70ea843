"""The state machine of Hypothesis: it draws steps from what the model knows, and has them taken. It judges nothing.

A machine only needs a walk: something with a state that takes steps. One walk tells the story to one target and compares
it with the model; another may tell it to two targets and compare these.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from contract_tests.model.profiles import Profile
from contract_tests.model.state import State
from contract_tests.model.steps import Step


class Walk(Protocol):
    """A story under way."""

    @property
    def state(self) -> State:
        """What the next step is drawn from."""

    def take(self, step: Step) -> None:
        """Take one step; whatever is wrong with it is raised."""


OpenWalk = Callable[[], AbstractContextManager[Walk]]


class Machine(RuleBasedStateMachine):
    """A machine with a walk of its own, from the first step to the last.

    One rule for all kinds of steps: Hypothesis would switch single rules off for a whole story, and most kinds are of no
    use without the others.
    """

    def __init__(self, open_walk: OpenWalk, profile: Profile) -> None:
        super().__init__()
        self._theme = profile
        self._opened = ExitStack()
        self._walk = self._opened.enter_context(open_walk())

    def teardown(self) -> None:
        """The walk is over, well or not."""
        self._opened.close()

    @rule(data=st.data())
    def take_step(self, data: st.DataObject) -> None:
        """The next step, whatever kind it is of."""
        possible = self._theme(self._walk.state)
        self._walk.take(data.draw(data.draw(st.sampled_from(possible))))


def explore(profile: Profile, open_walk: OpenWalk, *, seed: int, stories: int, steps: int) -> None:
    """Tell stories until one fails, and that one once more. The same seed gives the same stories.

    Errors: what the walk raises; Flaky when the same story does not fail twice. Making it shorter is `shrinking`'s.
    """
    factory = hypothesis.seed(seed)(lambda: Machine(open_walk, profile))
    settings = hypothesis.settings(
        max_examples=stories,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    run_state_machine_as_test(factory, settings=settings)  # type: ignore[arg-type]  # any factory will do, as it says
