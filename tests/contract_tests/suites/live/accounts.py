"""A live account, simulated by a mock behind a proxy, and runs of the contract tests against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contract_tests.targets.control_api import World
from mock_server.testing import RunningMock
from mutants.proxy import Layer, Request, proxy
from polar_contract.json_types import JsonObject, as_object
from tests.contract_tests.running import RunResult, run_contract
from tests.contract_tests.services import quick_world

QUICK = ("--only", "core", "--only", "scenarios", "--only", "model")


@dataclass(frozen=True, slots=True)
class Account:
    """A live account, and runs against it."""

    base_url: str
    world: World
    seen: list[Request]
    folder: Path

    def run_contract(self, *arguments: str, kinds: tuple[str, ...] = ("customer", "organization")) -> RunResult:
        tokens = {f"POLAR_{kind.upper()}_TOKEN": self.world.tokens[kind] for kind in kinds}
        return run_contract(self.folder, "--base-url", self.base_url, *arguments, environment=tokens)

    def sent(self, method: str) -> Counter[str]:
        """Requests with a valid token."""
        valid = set(self.world.tokens.values())
        return Counter(one.path for one in self.seen if one.method == method and one.token in valid)

    def order(self, name: str) -> JsonObject:
        shown = as_object(self.world.control.call("GET", f"/_mock/worlds/{self.world.id}"))
        return as_object(as_object(shown["orders"])[name])

    def allow(self, *orders: str) -> list[str]:
        return [part for name in orders for part in ("--allow-invoice", self.world.ids[f"order:{name}"])]


@contextmanager
def account(
    mock: RunningMock,
    folder: Path,
    layer: Layer,
    *,
    reissue: str = "as-documented",
    changes: JsonObject | None = None,
) -> Iterator[Account]:
    with quick_world(mock, reissue=reissue, changes=changes) as world, proxy(mock.base_url, layer) as live:
        yield Account(live.base_url, world, live.seen, folder)
