"""The base of every Python client program: the worlds that it received, and checks that print their outcomes.

Standard library only. An output line is an outcome, the check's name and a reason, separated by tabs.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

StageT = TypeVar("StageT")

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
    version: str | None
    """The version that the SDK's module sends; None where the release sends none."""
    checks: tuple[str, ...]
    """The names of the promises that hold in the revision of the worlds; others are not checked."""
    shop: World
    team: World
    retired: World | None
    """A world that no longer serves `version`."""
    deliveries: Mapping[str, tuple[Delivery, ...]]
    """By the name of their endpoint: `app` has a secret of the older form, `standard` one of the newer."""


def read_given() -> Given:
    """The data that the runner wrote for this program into the file named on the command line."""
    data = json.loads(Path(sys.argv[1]).read_text())
    return Given(
        base_url=data["base_url"],
        version=data["version"],
        checks=tuple(data["checks"]),
        shop=World(**data["shop"]),
        team=World(**data["team"]),
        retired=World(**data["retired"]) if data["retired"] else None,
        deliveries={name: tuple(Delivery(**one) for one in sent) for name, sent in data["deliveries"].items()},
    )


def run_checks(checks: Mapping[str, Callable[[StageT], object]], fixtures: StageT, wanted: Sequence[str]) -> None:
    """Run those checks that are wanted."""
    for name, check in checks.items():
        if name not in wanted:
            continue
        try:
            check(fixtures)
        except Skipped as skipped:
            _report("skipped", name, str(skipped))
        except Exception as problem:  # any exception of an SDK is reported as an outcome
            _report("failed", name, _explain(problem))
        else:
            _report("ok", name, "")


def _explain(problem: BaseException) -> str:
    """The error and what caused it. An error of a group, as some SDKs have them, stands for the last of its errors."""
    said = f"{type(problem).__name__}: {problem}"
    inner = getattr(problem, "exceptions", None) or [problem.__cause__]
    return said if inner[-1] is None else f"{said}; {_explain(inner[-1])}"


def _report(outcome: str, name: str, reason: str) -> None:
    print(outcome, name, " ".join(reason.split())[:800], sep="\t", flush=True)


def expect(actual: object, wanted: object) -> None:
    if actual != wanted:
        raise AssertionError(f"{actual!r} instead of {wanted!r}")


def raised(error: str, call: Callable[[], object]) -> Any:
    """The error that the call raises, of exactly this class; `A | B` where releases have different ones.

    A class is given by its name, because each module of an SDK has classes of its own."""
    try:
        answer = call()
    except Exception as problem:  # any other error is the check's failure
        if type(problem).__name__ not in error.split(" | "):
            raise
        return problem
    raise AssertionError(f"no {error}, but {answer!r}")


@dataclass(frozen=True, slots=True)
class Refusal(Generic[StageT]):
    """A check that a call is refused: the SDK's own class of error, its status, and a text in the body."""

    call: Callable[[StageT], object]
    error: str
    status: int
    says: str
    data: str | None = None
    """The class of the error's `data`, if the SDK reads one."""

    def __call__(self, fixtures: StageT) -> None:
        problem = raised(self.error, lambda: self.call(fixtures))
        expect(getattr(problem, "status_code", None), self.status)
        if self.says not in str(getattr(problem, "body", problem)):
            raise AssertionError(f"{self.says!r} is not in {problem}")
        if self.data is not None:
            expect(type(getattr(problem, "data", None)).__name__, self.data)


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
