"""From a story that fails to a short one that fails alike: steps are left out, and what is left is made plainer.

Stories are data, so this needs no second run of Hypothesis, whose own shrinking spends most of its time on choices that
the failure does not depend on.
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
    """What was wrong with the last step of a story."""

    @property
    def kind(self) -> tuple[object, ...]:
        """What makes two of them the same."""

    @property
    def whole_story(self) -> list[Step]:
        """All steps."""


F = TypeVar("F", bound=Failing)
Tell = Callable[[Sequence[Step]], F | None]
"""Tells a story from its beginning; how it fails, or None."""


def shortened(
    failure: F,
    tell: Tell[F],
    *,
    clock: Callable[[], float] = time.monotonic,
    longest_seconds: float = LONGEST_SHRINKING_SECONDS,
) -> F:
    """The shortest and plainest failure of the same kind that is found in time. Errors: what telling raises."""
    until = clock() + longest_seconds
    for smaller in (_without_many, _without_one, _with_one_plainer):
        failure = _smallest(failure, smaller, tell, is_late=lambda: clock() > until)
    return failure


Smaller = Callable[[Sequence[Step], int], Iterator[list[Step]]]


def _smallest(failure: F, smaller: Smaller, tell: Tell[F], *, is_late: Callable[[], bool]) -> F:
    """One walk over the steps, from the latest to the first; each as small as it gets."""
    for index in reversed(range(len(failure.whole_story))):
        found: F | None = failure
        while found is not None:
            failure, found = found, None
            for story in smaller(failure.whole_story, index):
                if is_late():
                    return failure
                found = _alike(failure, story, tell)
                if found is not None:
                    break
    return failure


def _alike(failure: F, story: Sequence[Step], tell: Tell[F]) -> F | None:
    """How the story fails, if that is as before and not sooner."""
    try:
        found = tell(story)
    except KeyError:  # a later step is about what the one left out makes
        return None
    return found if found is not None and found.kind == failure.kind and len(found.whole_story) == len(story) else None


def _without_many(story: Sequence[Step], index: int) -> Iterator[list[Step]]:
    """Without the half that ends at this step, or the quarter, or the eighth, where one of these ends."""
    for size in (len(story) // 2, len(story) // 4, len(story) // 8):
        if size > 1 and (index + 1) % size == 0 and index < len(story) - 1:
            yield [*story[: index - size + 1], *story[index + 1 :]]


def _without_one(story: Sequence[Step], index: int) -> Iterator[list[Step]]:
    if index < len(story) - 1:
        yield [*story[:index], *story[index + 1 :]]


def _with_one_plainer(story: Sequence[Step], index: int) -> Iterator[list[Step]]:
    for step in _plainer(story[index]):
        if step != story[index]:
            yield [*story[:index], step, *story[index + 1 :]]


def _plainer(step: Step) -> Iterator[Step]:
    if isinstance(step, MakeOrder):
        plain = plain_order(step.name)
        yield plain
        yield replace(step, customer=plain.customer, product=plain.product)
        yield replace(step, billing_name=plain.billing_name, billing_address=plain.billing_address)
    elif isinstance(step, Ask):
        yield replace(step, on=step.on.partition("|")[0])
        for name in step.query:
            yield replace(step, query={key: value for key, value in step.query.items() if key != name})
        # Only where every part may be left out: else the model would have to know what a missing one brings about.
        body = as_object(step.body) if "update" in step.operation else {}
        for name in body:
            yield replace(step, body={key: value for key, value in body.items() if key != name})
