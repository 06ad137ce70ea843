"""The base of every Python client program: the worlds that it received, and checks that print their outcomes.

Standard library only. An output line is an outcome, the check's name and a reason, separated by tabs.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

StageT = TypeVar("StageT")
ErrorT = TypeVar("ErrorT", bound=Exception)

UNKNOWN_ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
_TIMEOUT_SECONDS = 10.0
_PAUSE_SECONDS = 0.05


class Skipped(Exception):
    """The release lacks the feature that the check tests; the message names it."""


@dataclass(frozen=True, slots=True)
class World:
    ids: Mapping[str, str]
    tokens: Mapping[str, str]
    webhook_secrets: Mapping[str, str]

    def order(self, key: str) -> str:
        return self.ids[f"order:{key}"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook as the mock sent it to a receiver on loopback."""

    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Given:
    base_url: str
    shop: World
    team: World
    deliveries: tuple[Delivery, ...]


def read_given() -> Given:
    """The data that the runner wrote for this program into the file named on the command line."""
    data = json.loads(Path(sys.argv[1]).read_text())
    deliveries = tuple(Delivery(**delivery) for delivery in data["deliveries"])
    return Given(data["base_url"], World(**data["shop"]), World(**data["team"]), deliveries)


def run_checks(checks: Mapping[str, Callable[[StageT], object]], fixtures: StageT) -> None:
    for name, check in checks.items():
        try:
            check(fixtures)
        except Skipped as skipped:
            _report("skipped", name, str(skipped))
        except Exception as problem:  # any exception of an SDK is reported as an outcome
            _report("failed", name, f"{type(problem).__name__}: {problem}")
        else:
            _report("ok", name, "")


def _report(outcome: str, name: str, reason: str) -> None:
    print(outcome, name, " ".join(reason.split())[:400], sep="\t", flush=True)


def expect(actual: object, wanted: object) -> None:
    if actual != wanted:
        raise AssertionError(f"{actual!r} instead of {wanted!r}")


def raised(error: type[ErrorT], call: Callable[[], object]) -> ErrorT:
    """The error of exactly this type that the call raises."""
    try:
        answer = call()
    except error as problem:
        if type(problem) is not error:
            raise
        return problem
    raise AssertionError(f"no {error.__name__}, but {answer!r}")


@dataclass(frozen=True, slots=True)
class Refusal(Generic[StageT]):
    """A check that a call is refused: the SDK's own type of error, its status, and a text in the body."""

    call: Callable[[StageT], object]
    error: type[Exception]
    status: int | None
    says: str
    data: type | None = None
    """The type of the error's `data`, if the SDK reads one."""

    def __call__(self, fixtures: StageT) -> None:
        problem = raised(self.error, lambda: self.call(fixtures))
        expect(getattr(problem, "status_code", None), self.status)
        if self.says not in str(getattr(problem, "body", problem)):
            raise AssertionError(f"{self.says!r} is not in {problem}")
        if self.data is not None:
            expect(type(getattr(problem, "data", None)), self.data)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {_TIMEOUT_SECONDS:.0f} seconds")
        time.sleep(_PAUSE_SECONDS)


def expect_pdf(url: str) -> None:
    """The link works unchanged, without a token."""
    with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:
        expect(answer.headers["Content-Type"], "application/pdf")
        expect(answer.read(5), b"%PDF-")


def expect_events(verified: list[tuple[str, str]], given: Given) -> None:
    """Every delivery was verified, as (type, order id), and includes all events of the order."""
    life = {"order.created", "order.updated", "order.paid", "order.refunded"}
    expect({type_ for type_, _ in verified}, life)
    expect({order_id for _, order_id in verified}, {given.shop.order("sold")})
