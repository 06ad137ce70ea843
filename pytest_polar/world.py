"""A test's own world: its ids and tokens, and what a test does with it through the mock's control API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from pytest_polar.control import Control, ControlRefused

# A failed test's traceback ends in the test.
__tracebackhide__ = True


class Names(dict[str, str]):
    """Ids or tokens by the names of the world's document; the error for an unknown name lists the known ones."""

    def __missing__(self, name: str) -> str:
        raise KeyError(f"the world has no {name!r}; it has: {', '.join(self) or 'nothing'}")


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls about one world: `call("POST", "/settle")`. Errors of every call: ControlRefused with the mock's reason."""

    control: Control
    world_id: str
    changed: list[str] = field(default_factory=list)
    """The paths of the calls that may have changed the world."""

    def __call__(self, method: str, path: str = "", body: Any = None, **query: Any) -> Any:
        if method != "GET":
            self.changed.append(path)
        return self.control(method, f"/worlds/{quote(self.world_id, safe='')}{path}", body, **query)


@dataclass(frozen=True, slots=True)
class Clock:
    """The world's clock. What becomes due runs before a call returns."""

    _call: Calls

    def now(self) -> datetime:
        return datetime.fromisoformat(self._call("GET", "/clock")["now"])

    def advance(self, seconds: float) -> Any:
        """Move the clock, back with a negative number; returns what `settle` returns."""
        return self._call("PATCH", "/clock", {"advance_seconds": seconds})

    def set(self, moment: datetime | str) -> Any:
        return self._call("PATCH", "/clock", {"set": moment})

    def hold(self) -> Any:
        """Let it stand still between calls."""
        return self._call("PATCH", "/clock", {"mode": "held"})

    def release(self) -> Any:
        """Let it run with the machine's again."""
        return self._call("PATCH", "/clock", {"mode": "wall"})


@dataclass(frozen=True, slots=True)
class Orders:
    _call: Calls
    _ids: Names

    def id(self, order: str) -> str:
        """The id of an order by its name in the document; an id stays what it is."""
        return self._ids[f"order:{order}"] if f"order:{order}" in self._ids or "-" not in order else order

    def change(self, order: str, **changes: Any) -> Any:
        """Change the status or the billing details, as the service would: `change("unpaid", status="paid")`. Returns the order."""
        return self._call("PATCH", f"/orders/{quote(self.id(order), safe='')}", changes)

    def add(self, name: str, **keys: Any) -> str:
        """Add an order with the keys of a world document; returns its id, which the world's `ids` have too."""
        made = self._call("POST", "/orders", {"key": name, **keys})
        self._ids[f"order:{name}"] = made["id"]
        self._ids[f"item:{name}"] = made["item_id"]
        return str(made["id"])


@dataclass(frozen=True, slots=True)
class Faults:
    _call: Calls

    def add(self, fault: str | None = None, /, **rule: Any) -> Any:
        """Add a set by its name, `add("flaky-network")`, or a rule: `add(operation=..., latency=500)`."""
        return self._call("POST", "/faults", rule if fault is None else {"set": fault, **rule})

    def all(self) -> list[Any]:
        """The faults, and how often each of them struck."""
        return list(self._call("GET", "/faults")["items"])

    def clear(self) -> None:
        self._call("DELETE", "/faults")


@dataclass(frozen=True, slots=True)
class Journal:
    """What arrived at the world. Filters: `operation`, `method`, `status`, `order`, `token`, `since`, `after`."""

    _call: Calls

    def entries(self, **filters: Any) -> list[Any]:
        """The requests with their responses, oldest first."""
        return list(self._call("GET", "/journal", **filters)["items"])

    def count(self, **filters: Any) -> int:
        return int(self._call("GET", "/journal/count", **filters)["count"])

    def verify(self, *, times: int | None = None, **filters: Any) -> None:
        """Errors: AssertionError, which says what arrived instead, unless as many requests match; by default at least one."""
        wanted = filters if times is None else {**filters, "times": times}
        try:
            self._call("POST", "/journal/verify", wanted)
        except ControlRefused as refused:
            if refused.status == 409:
                raise AssertionError(refused.reason) from None
            raise


@dataclass(frozen=True, slots=True)
class World:
    """One organization with everything that belongs to it. No other test sees it, and it is removed after the test."""

    id: str
    url: str
    """The base URL of the API, without a slash at the end."""
    revision: str
    ids: Names = field(repr=False)
    """`order:paid`, `product:pro`, `customer:main`, ..."""
    tokens: Names = field(repr=False)
    """`customer`, `organization`, ..."""
    webhook_secrets: Names = field(repr=False)
    call: Calls = field(repr=False)
    """Any other call of the control API: `world.call("PATCH", body={"invoices": {"delay_seconds": 0}})`."""

    @property
    def clock(self) -> Clock:
        return Clock(self.call)

    @property
    def orders(self) -> Orders:
        return Orders(self.call, self.ids)

    @property
    def faults(self) -> Faults:
        return Faults(self.call)

    @property
    def journal(self) -> Journal:
        return Journal(self.call)

    def run_due(self) -> Any:
        """Run what is due; with a clock that stands, nothing runs by itself."""
        return self.call("PATCH", "/clock", {})

    def settle(self) -> Any:
        """Run everything that is due or scheduled: jobs, deliveries, retries. The clock does not move. Returns what `ran` and `failed`."""
        return self.call("POST", "/settle")

    def deliveries(self) -> list[Any]:
        """Every webhook event with its attempts, oldest first."""
        return list(self.call("GET", "/deliveries")["items"])

    def snapshot(self, name: str) -> None:
        """Keep the whole world under this name."""
        self.call("POST", "/snapshots", {"name": name})

    def restore(self, name: str) -> None:
        """Go back to a snapshot."""
        self.call("POST", f"/snapshots/{quote(name, safe='')}/restore")


def create_world(control: Control, url: str, document: Mapping[str, Any]) -> World:
    """Errors: ControlRefused, with each wrong place of the document."""
    made = control("POST", "/worlds", dict(document))
    return World(
        id=made["id"],
        url=url,
        revision=made["revision"],
        ids=Names(made["ids"]),
        tokens=Names(made["tokens"]),
        webhook_secrets=Names(made["webhook_secrets"]),
        call=Calls(control, made["id"]),
    )
