"""The pytest plugin: opens the target, turns failures into findings, keeps secrets out of reports, sets the exit code."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.checks.latency import SLOW_SECONDS, Stopwatch
from contract_tests.checks.rules import Rule
from contract_tests.config.errors import CannotRun
from contract_tests.config.gaps import Gap, NotChecked, Remedy, gap_of
from contract_tests.config.settings import Settings
from contract_tests.reporting.files import write_files
from contract_tests.reporting.progress import Progress
from contract_tests.reporting.report import Report
from contract_tests.reporting.results import Ended, Results
from contract_tests.reporting.terminal import print_report, report_console
from contract_tests.runner.context import Case, RunContext, prepare_case
from contract_tests.runner.current_check import CurrentCheck, kind_of
from contract_tests.runner.endings import OTHER_RULES, Ending, Endings
from contract_tests.runner.merge import ShardResult, report_of
from contract_tests.runner.workers import checks_of
from contract_tests.targets.open import open_target
from contract_tests.transport.guards import RateLimited
from contract_tests.transport.visible import visible, visible_line
from polar_contract import ContractError, load_contract

_NEVER_BEGUN = Gap("checks", "not reached: the run ended early", Remedy.TIME, "checks that were not started")
PLUGIN_NAME = "polar-contract-tests"
_PACKAGE = Path(__file__).parents[1]


class ContractTestsPlugin:
    """One run. `context` is set while checks run, `report` afterwards."""

    def __init__(self, settings: Settings, *, progress: Progress | None = None) -> None:
        self.settings = settings
        self.context: RunContext | None = None
        self.report: Report | None = None
        self.results = Results()
        self._progress = progress
        self._case: Case | None = None
        self._target_name = "The target"
        self._selected_all = True
        self._open = ExitStack()
        self._stopwatch = Stopwatch()
        self._check = CurrentCheck()
        self._started = time.monotonic()

    @property
    def _is_whole(self) -> bool:
        is_cut = self.context is not None and self.context.target.budget.is_spent
        return self.settings.is_whole and self._selected_all and not is_cut

    @property
    def case(self) -> Case:
        """The loaded contract with its rules. Errors: CannotRun for an unknown revision."""
        if self._case is None:
            try:
                self._case = prepare_case(self.settings, load_contract(self.settings.revision))
            except ContractError as problem:
                raise CannotRun(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from problem
        return self._case

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Do not format tracebacks that are never printed: that takes time."""
        if not config.pluginmanager.hasplugin("terminalreporter"):
            config.option.tbstyle = "value"
        config.addinivalue_line("markers", "live: checks a live account, never the mock")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Open the target before the first check; without a target no check runs."""
        if session.config.option.collectonly or not any(_is_ours(item) for item in session.items):
            return None
        case = self.case
        try:
            target = self._open.enter_context(
                open_target(self.settings, case.operations, ledger=case.ledger, learn=case.redactor.learn)
            )
        except CannotRun as problem:
            self.results.problems.append(self.shown(str(problem)))
            return True
        except NotChecked as problem:
            self.results.problems.append(f"The target could not be inspected within the limits of the run ({problem}).")
            return True
        self.context = RunContext(case, target)
        case.rules.session_checker.observed_state.is_shared = not target.is_mock
        if target.is_mock:
            session.items = [item for item in session.items if not item.get_closest_marker("live")]
        if self.settings.share is not None:
            session.items = checks_of(session.items, self.settings.share, is_mock=target.is_mock)
        if target.is_mock:
            self.pytest_collection_finish(session)
        self._target_name = f"The mock at {target.base_url}" if target.is_mock else target.base_url
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """No check starts after the run's time limit, even if it sends no request."""
        if self.context is not None and _is_ours(item):
            self.context.target.budget.require(0)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Collect what the check found; the report that other plugins see holds only our own redacted text."""
        # pytest replaces the exception of a skipped check by its own.
        raised = call.excinfo.value if call.excinfo is not None else None
        report = yield
        if not _is_ours(item):
            return report
        self._check.seconds += report.duration
        if report.failed and raised is not None:
            ending = self._end(self._endings().of(raised))
            report.longrepr = ending.said
            if ending.ended in (Ended.WAIVED, Ended.LEFT_OUT):
                report.outcome, report.longrepr = "skipped", (str(item.path), 0, ending.said)
        elif report.skipped and isinstance(report.longrepr, tuple) and raised is not None:
            said = self.shown(str(report.longrepr[2]))
            self.results.add_not_checked(gap_of(raised, said.removeprefix("Skipped: ")).shown(self.shown))
            self._check.ended, self._check.said = Ended.LEFT_OUT, said
            report.longrepr = (str(item.path), item.location[1] or 0, said)
        elif report.passed and report.when == "call":
            self.results.passed += 1
        if call.when == "call":
            self._check_response_times(item)
        if call.when == "teardown":
            self._remember(item)
        if isinstance(raised, RateLimited):
            item.session.shouldstop = "the target is still rate limiting after all retries"
        if self.settings.fail_fast and self.results.failed:
            item.session.shouldstop = "stopped after the first finding (--fail-fast)"
        report.sections = [(name, visible(self.redact(text))) for name, text in report.sections]
        return report

    def _remember(self, item: pytest.Item) -> None:
        """Record the result of the finished check, with every request that it sent."""
        assert self.context is not None
        exchanges = self.context.case.ledger.exchanges
        self.results.checked.append(self._check.checked(item.nodeid, exchanges, self.results.findings))

    def _check_response_times(self, item: pytest.Item) -> None:
        """A mock that is slow repeatedly would make the run very long; one finding ends the run."""
        assert self.context is not None
        is_reported = not self.settings.only_rules or Rule.IN_TIME.id in self.settings.only_rules
        if not self.context.target.is_mock or item.session.shouldstop or not is_reported:
            return
        slow = self._stopwatch.too_slow(self.context.case.ledger.exchanges)
        if slow is not None:
            times = (f"within {SLOW_SECONDS:g} seconds", f"{slow.elapsed_seconds:.1f} seconds, and more than once")
            finding = self.context.rules.finding(slow, Rule.IN_TIME, *times, source="observed")
            self._end(Ending(Ended.BROKEN, str(finding), (finding,)))
            item.session.shouldstop = "the target is too slow"

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """Show which check starts now."""
        sent = len(self.context.case.ledger.exchanges) if self.context is not None else 0
        self._check = CurrentCheck(kind_of(nodeid), sent, len(self.results.findings))
        if self._progress is not None:
            self._progress.step(self.redact(nodeid.rpartition("::")[2]))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A check that cannot be collected is a bug in the contract tests."""
        if report.failed:
            last = [line for line in report.longreprtext.splitlines() if line.strip()][-1:]
            self.results.problems.append(
                self.shown(f"A check could not be loaded ({''.join(last)}); please report this.")
            )

    def pytest_deselected(self) -> None:
        """With `-k` and similar options, missing coverage cannot be reported."""
        self._selected_all = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Pass the number of checks to the progress line; it is known from here on."""
        if self._progress is not None:
            self._progress.expect(len(session.items))

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Report a bug in the contract tests in one sentence."""
        what = f"{type(excinfo.value).__name__}: {excinfo.value}".splitlines()[0]
        self.results.problems.append(self.shown(f"The contract tests failed internally ({what}); please report this."))
        return True

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep what was found so far."""
        if isinstance(excinfo.value, pytest.Session.Interrupted):
            return
        if not isinstance(excinfo.value, KeyboardInterrupt):
            self.results.problems.append(self.shown(str(excinfo.value)))
            return
        self.results.problems.append("The run was interrupted; the results so far are reported.")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Close the target, decide the verdict, write the reports, and set the exit code."""
        self._open.close()
        self._count_unstarted(session)
        if session.config.option.collectonly or not (self._case or self.results.problems) or self.settings.share:
            return
        self.report = self._finished_report()
        try:
            self.report = write_files(self.report, self.redact)
        except OSError as problem:
            self.results.problems.append(
                f"The reports could not be written to {self.settings.reports} ({problem.strerror})."
            )
            self.report = self._finished_report()
        session.exitstatus = self.report.outcome.exit_code

    def _count_unstarted(self, session: pytest.Session) -> None:
        """Count the checks that a run that ended early did not start."""
        if self.context is None:
            return
        made = {one.name for one in self.results.checked}
        for item in session.items:
            if _is_ours(item) and item.nodeid not in made:
                self.results.add_not_checked(_NEVER_BEGUN)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table and the verdict, below pytest's own lines."""
        if self.report is not None:
            print_report(self.report, report_console(), self.redact)

    def shard_result(self) -> ShardResult:
        """The results of this process so far."""
        target = self.context.target if self.context is not None else None
        case = self._case
        return ShardResult(
            results=self.results,
            exchanges=case.ledger.exchanges if case is not None else [],
            reached=case.ledger.reached if case is not None else Counter(),
            target=target.base_url if target is not None else None,
            target_name=self._target_name,
            account=target.live_fixtures.account if target is not None and target.live_fixtures is not None else "",
            is_mock=target is not None and target.is_mock,
            is_whole=self._is_whole,
            secrets=case.redactor.secrets if case is not None else {},
        )

    def _finished_report(self) -> Report:
        operations = self._case.operations if self._case is not None else None
        return report_of(
            self.shard_result(), self.settings, operations, duration_seconds=time.monotonic() - self._started
        )

    @property
    def _counts_guarantees(self) -> bool:
        return self.settings.documented_guarantees or self.context is None or self.context.target.is_mock

    def _endings(self) -> Endings:
        assert self.context is not None
        return Endings(
            self._target_name,
            self._counts_guarantees,
            self.settings.only_rules,
            self.redact,
            self.context.target.ask_in_any_case,
        )

    def _end(self, ending: Ending) -> Ending:
        """Record what a check has found, and why it stopped."""
        if ending.findings:
            found = [replace(one, check=self._check.kind) for one in ending.findings]
            self.results.add_findings(found, is_waived=ending.ended is Ended.WAIVED)
        if ending.ended is Ended.LEFT_OUT:
            self.results.add_not_checked(OTHER_RULES)
        self.results.problems.extend(ending.problems)
        self._check.ended, self._check.said = ending.ended, ending.said
        return ending

    def shown(self, text: str) -> str:
        """The sentence redacted and in one line, whatever text it quotes."""
        return visible_line(self.redact(text))

    def redact(self, text: str) -> str:
        """The text without secrets."""
        return self._case.redactor.redact(text) if self._case is not None else text


def _is_ours(item: pytest.Item) -> bool:
    return item.path.is_relative_to(_PACKAGE)
