"""Runs chosen checks of the contract tests against one planted defect, in this process, and reads what they found."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

import pytest

from contract_tests.config.settings import CHECKS, Settings
from contract_tests.runner.plugin import ContractTestsPlugin
from contract_tests.runner.pytest_session import run_plugin
from mutants.proxy import Layer, proxy
from polar_contract import default_revision

QUICK = tuple(name for name in CHECKS if name != "properties")
_LONGEST_RUN_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Seen:
    """What the checks saw: the ids of the rules that the first failed check found broken, in order, and its name.

    `mistake` says why the run says nothing about the defect; empty when it does.
    """

    rules: tuple[str, ...] = ()
    operation: str = ""
    check: str = ""
    requests: int = 0
    seconds: float = 0.0
    mistake: str = ""


class _Selection:
    """A pytest plugin that keeps the checks whose names contain a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.chosen = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self.text in item.nodeid]
        self.chosen = len(items)


def see_live(mock_url: str, layer: Layer, check: str, seed: int, revision: str | None = None) -> Seen:
    """Plant the defect in front of the mock and run the checks: a kind such as `core`, or `core: part of a name`."""
    with proxy(mock_url, layer) as faulty:
        seen = run_checks(faulty.base_url, check, seed, revision)
    if faulty.mistakes:
        return replace(seen, mistake=f"the defect itself fails: {faulty.mistakes[0]}")
    return seen


def run_checks(base_url: str, check: str, seed: int, revision: str | None = None) -> Seen:
    """Run the checks on the server at this address, up to the first that fails, by the rules of a revision: the default one, or this."""
    kinds, _, text = check.partition(": ")
    selection, started = _Selection(text), time.monotonic()
    with tempfile.TemporaryDirectory() as reports, _time_limit():
        only = tuple(kinds.split("+")) if kinds != "all" else QUICK
        settings = Settings(
            base_url=base_url,
            seed=seed,
            only=only,
            reports=Path(reports),
            fail_fast=True,
            revision=revision or default_revision(),
        )
        plugin = ContractTestsPlugin(settings)
        run_plugin(plugin, selection)
    results = plugin.results
    failed = next((one for one in results.checked if one.findings), None)
    seen = Seen(
        rules=tuple(one.rule.id for one in results.findings),
        operation=(results.findings[0].operation_id or "") if results.findings else "",
        check=failed.name if failed is not None else "",
        requests=len(plugin.context.case.ledger.exchanges) if plugin.context is not None else 0,
        seconds=time.monotonic() - started,
    )
    if not selection.chosen:
        return replace(seen, mistake=f"no check has such a name: {check}")
    return seen if results.findings else replace(seen, mistake="; ".join(results.problems))


@contextmanager
def _time_limit() -> Iterator[None]:
    """End the run like Ctrl-C after the longest time that a run may take."""

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(_LONGEST_RUN_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
