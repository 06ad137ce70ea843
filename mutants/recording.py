"""Records a run of the contract tests on the good mock: every answer that was checked, in order, with what was expected of it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from contract_tests.checks.findings import Finding
from contract_tests.checks.response import AnswerRules
from contract_tests.config.settings import Settings
from contract_tests.reporting.results import Results
from contract_tests.runner.context import Case
from contract_tests.runner.plugin import ContractTestsPlugin
from contract_tests.runner.pytest_session import run_plugin
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonValue


@dataclass(frozen=True, slots=True)
class Recorded:
    """One checked answer: the check's name, and the status, error and content that it expected, if any."""

    exchange: Exchange
    check: str
    status: int | None = None
    error: str | None = None
    shows: JsonValue = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The checked answers of one run in order, and the run's results."""

    answers: tuple[Recorded, ...]
    results: Results
    case: Case


@dataclass(frozen=True)
class _RecordingRules(AnswerRules):
    """The same rules; keeps every answer that they check."""

    kept: list[Recorded] = field(default_factory=list)
    running: list[str] = field(default_factory=list)

    def check(
        self, exchange: Exchange, *, status: int | None = None, error: str | None = None, shows: JsonValue = None
    ) -> Exchange:
        super().check(exchange, status=status, error=error, shows=shows)
        self.kept[-1] = replace(self.kept[-1], status=status, error=error, shows=shows)
        return exchange

    def findings(self, exchange: Exchange) -> list[Finding]:
        self.kept.append(Recorded(exchange, self.running[-1] if self.running else ""))
        return super().findings(exchange)


class _RecordingPlugin(ContractTestsPlugin):
    """The plugin of a normal run, with rules that record."""

    @cached_property
    def rules(self) -> _RecordingRules:
        """Made once for the run."""
        made = super().case.rules
        return _RecordingRules(made.operations, made.schemas, made.redact, made.session_checker, made.versions)

    @property
    def case(self) -> Case:
        """The prepared contract with the recording rules."""
        return replace(super().case, rules=self.rules)

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """Note which check starts."""
        self.rules.running.append(nodeid)


def record(base_url: str, seed: int, only: tuple[str, ...], *, revision: str) -> Trace:
    """Run these kinds of checks on the mock at this address, and record them."""
    with tempfile.TemporaryDirectory() as reports:
        settings = Settings(base_url=base_url, seed=seed, only=only, reports=Path(reports), revision=revision)
        plugin = _RecordingPlugin(settings)
        run_plugin(plugin)
    return Trace(tuple(plugin.rules.kept), plugin.results, plugin.case)
