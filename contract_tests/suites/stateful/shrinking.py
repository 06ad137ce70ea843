"""Shortens a failing story: leaves out steps and simplifies the rest as long as it fails in the same way.

Stories are data, so this needs no second run of Hypothesis. The shrinking of Hypothesis spends most of its time on choices
that the failure does not depend on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from contract_tests.model.steps import Ask, MakeOrder, Step, plain_order
from polar_contract.json_types import as_object

LONGEST_SHRINKING_SECONDS = 20.0


class Failing(Protocol):
    """A story whose last step failed."""

    @property
    def kind(self) -> tuple[object, ...]:
        """Two failures with the same kind are the same failure."""

    @property
    def whole_story(self) -> list[Step]:
        """All steps."""


F = TypeVar("F", bound=Failing)
Run = Callable[[Sequence[Step]], F | None]
"""Runs a story from its beginning. Returns the failure, or None."""


def shortened(
    failure: F,
    run: Run[F],
    *,
    clock: Callable[[], float] = time.monotonic,
    longest_seconds: float = LONGEST_SHRINKING_SECONDS,
) -> F:
    """The shortest and simplest failure of the same kind that is found in time. Errors: what `run` raises."""
    until = clock() + longest_seconds
    for smaller in (_without_many, _without_one, _with_one_simpler):
        failure = _smallest(failure, smaller, run, is_late=lambda: clock() > until)
    return failure


Smaller = Callable[[Sequence[Step], int], Iterator[list[Step]]]


def _smallest(failure: F, smaller: Smaller, run: Run[F], *, is_late: Callable[[], bool]) -> F:
    """Goes once over the steps, from the last to the first, and shortens or simplifies at each as long as possible."""
    for index in reversed(range(len(failure.whole_story))):
        found: F | None = failure
        while found is not None:
            failure, found = found, None
            for story in smaller(failure.whole_story, index):
                if is_late():
                    return failure
                found = _alike(failure, story, run)
                if found is not None:
                    break
    return failure


def _alike(failure: F, story: Sequence[Step], run: Run[F]) -> F | None:
    """The failure of the story, if it is of the same kind and at the last step."""
    try:
        found = run(story)
    except KeyError:  # a later step needs an object that a left-out step creates
        return None
    return found if found is not None and found.kind == failure.kind and len(found.whole_story) == len(story) else None


def _without_many(story: Sequence[Step], index: int) -> Iterator[list[Step]]:
    """The story without the half, the quarter or the eighth that ends at this step, if one of them ends here."""
    for size in (len(story) // 2, len(story) // 4, len(story) // 8):
        if size > 1 and (index + 1) % size == 0 and index < len(story) - 1:
            yield [*story[: index - size + 1], *story[index + 1 :]]


def _without_one(story: Sequence[Step], index: int) -> Iterator[list[Step]]:
    if index < len(story) - 1:
        yield [*story[:index], *story[index + 1 :]]


def _with_one_simpler(story: Sequence[Step], index: int) -> Iterator[list[Step]]:
    for step in _simpler(story[index]):
        if step != story[index]:
            yield [*story[:index], step, *story[index + 1 :]]


def _simpler(step: Step) -> Iterator[Step]:
    if isinstance(step, MakeOrder):
        plain = plain_order(step.name)
        yield plain
        yield replace(step, customer=plain.customer, product=plain.product)
        yield replace(step, billing_name=plain.billing_name, billing_address=plain.billing_address)
    elif isinstance(step, Ask):
        yield replace(step, on=step.on.partition("|")[0])
        for name in step.query:
            yield replace(step, query={key: value for key, value in step.query.items() if key != name})
        # Only for updates, where every part is optional: otherwise the model would have to predict the effect of a missing part.
        body = as_object(step.body) if "update" in step.operation else {}
        for name in body:
            yield replace(step, body={key: value for key, value in body.items() if key != name})
