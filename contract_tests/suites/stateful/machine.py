"""The state machine of Hypothesis: draws steps from the model's state and runs them. It checks no answers.

A machine only needs a running story: an object with a state that takes steps. One kind sends the steps to one target and
compares the answers with the model; another sends them to two targets and compares their answers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from contract_tests.model.state import State
from contract_tests.model.steps import Step
from contract_tests.suites.stateful.profiles import Profile


class RunningStory(Protocol):
    """A story that is being run."""

    @property
    def state(self) -> State:
        """The state that the next step is drawn from."""

    def take(self, step: Step) -> None:
        """Take one step. Errors: raised when the answer is wrong or there is none."""


OpenStory = Callable[[], AbstractContextManager[RunningStory]]


class Machine(RuleBasedStateMachine):
    """A machine with its own story, from the first step to the last.

    There is one rule for all kinds of steps: Hypothesis would switch single rules off for a whole story, and most kinds
    are useless without the others.
    """

    def __init__(self, open_story: OpenStory, profile: Profile) -> None:
        super().__init__()
        self._profile = profile
        self._opened = ExitStack()
        self._story = self._opened.enter_context(open_story())

    def teardown(self) -> None:
        """End the story, whether it passed or failed."""
        self._opened.close()

    @rule(data=st.data())
    def take_step(self, data: st.DataObject) -> None:
        """Draw and take the next step, of any kind."""
        possible = self._profile(self._story.state)
        self._story.take(data.draw(data.draw(st.sampled_from(possible))))


def explore(profile: Profile, open_story: OpenStory, *, seed: int, stories: int, steps: int) -> None:
    """Run stories until one fails, and run that one again. The same seed gives the same stories.

    Errors: what the story raises; Flaky when the same story does not fail twice. `shrinking` shortens it.
    """
    factory = hypothesis.seed(seed)(lambda: Machine(open_story, profile))
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
    run_state_machine_as_test(factory, settings=settings)  # type: ignore[arg-type]  # any callable that returns a machine is accepted
