"""The state of one run, which the parts of the pytest plugin share: settings, contract, target and results so far."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from contract_tests.config.errors import CannotRun
from contract_tests.config.settings import Settings
from contract_tests.reporting.progress import Progress
from contract_tests.reporting.report import Report
from contract_tests.reporting.results import Ended, Results
from contract_tests.runner.context import Case, RunContext, prepare_case
from contract_tests.runner.current_check import CurrentCheck
from contract_tests.runner.endings import OTHER_RULES, Ending, Endings
from contract_tests.runner.merge import ShardResult, report_of
from contract_tests.transport.exchanges import Exchange
from contract_tests.transport.visible import visible_line
from polar_contract import ContractError, load_contract

_PACKAGE = Path(__file__).parents[1]


@dataclass(slots=True)
class Run:
    """One run. `context` is set while checks run, `report` afterwards. `started` is monotonic, in seconds."""

    settings: Settings
    progress: Progress | None = None
    asked_before: tuple[Exchange, ...] = ()
    """The requests that found out which revision the target keeps."""
    problem: str = ""
    """Why the target can't be checked, if these requests showed that it can't."""
    results: Results = field(default_factory=Results)
    context: RunContext | None = None
    report: Report | None = None
    target_name: str = "The target"
    selected_all: bool = True
    check: CurrentCheck = field(default_factory=CurrentCheck)
    started: float = field(default_factory=time.monotonic)
    loaded_case: Case | None = None
    cleanup: ExitStack = field(default_factory=ExitStack)
    """Closes the target."""

    @property
    def is_whole(self) -> bool:
        """Whether no check was left out by options or limits, so that missing coverage means something."""
        is_cut = self.context is not None and self.context.target.budget.is_spent
        return self.settings.is_whole and self.selected_all and not is_cut

    @property
    def case(self) -> Case:
        """The loaded contract with its rules. Errors: CannotRun for an unknown revision."""
        if self.loaded_case is None:
            try:
                self.loaded_case = prepare_case(self.settings, load_contract(self.settings.revision))
            except ContractError as problem:
                raise CannotRun(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from problem
            for exchange in self.asked_before:
                self.loaded_case.ledger.record(exchange)
        return self.loaded_case

    def shard_result(self) -> ShardResult:
        """The results of this process so far."""
        target = self.context.target if self.context is not None else None
        case = self.loaded_case
        return ShardResult(
            results=self.results,
            exchanges=case.ledger.exchanges if case is not None else [],
            reached=case.ledger.reached if case is not None else Counter(),
            target=target.base_url if target is not None else None,
            target_name=self.target_name,
            account=target.live_fixtures.account if target is not None and target.live_fixtures is not None else "",
            is_mock=target is not None and target.is_mock,
            is_whole=self.is_whole,
            secrets=case.redactor.secrets if case is not None else {},
            notes=tuple(map(self.shown, self.context.notes)) if self.context is not None else (),
        )

    def finished_report(self) -> Report:
        """The report of the results so far."""
        operations = self.loaded_case.operations if self.loaded_case is not None else None
        return report_of(
            self.shard_result(), self.settings, operations, duration_seconds=time.monotonic() - self.started
        )

    @property
    def counts_guarantees(self) -> bool:
        """Whether broken documented guarantees count: on a live target only if the user asked for that."""
        return self.settings.documented_guarantees or self.context is None or self.context.target.is_mock

    def endings(self) -> Endings:
        """Interprets the exceptions of checks on the open target."""
        assert self.context is not None
        return Endings(
            self.target_name,
            self.counts_guarantees,
            self.settings.only_rules,
            self.redact,
            self.context.target.ask_in_any_case,
            is_live=not self.context.target.is_mock,
        )

    def end(self, ending: Ending) -> Ending:
        """Record what a check has found, and why it stopped."""
        if ending.findings:
            found = [replace(one, check=self.check.kind) for one in ending.findings]
            self.results.add_findings(found, is_waived=ending.ended is Ended.WAIVED)
        if ending.ended is Ended.LEFT_OUT:
            self.results.add_not_checked(OTHER_RULES)
        self.results.problems.extend(ending.problems)
        self.check.ended, self.check.said = ending.ended, ending.said
        return ending

    def shown(self, text: str) -> str:
        """The sentence redacted and in one line, whatever text it quotes."""
        return visible_line(self.redact(text))

    def redact(self, text: str) -> str:
        """The text without secrets."""
        return self.loaded_case.redactor.redact(text) if self.loaded_case is not None else text


def is_ours(item: pytest.Item) -> bool:
    """Whether a pytest item is one of the contract tests."""
    return item.path.is_relative_to(_PACKAGE)
