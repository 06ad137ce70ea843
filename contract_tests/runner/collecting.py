"""Collects what the checks find; what other plugins see is redacted."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from contract_tests.checks.latency import SLOW_SECONDS, Stopwatch
from contract_tests.checks.rules import Rule
from contract_tests.config.errors import NotPutBack
from contract_tests.config.gaps import gap_of
from contract_tests.reporting.results import Ended
from contract_tests.runner.current_check import CurrentCheck, kind_of
from contract_tests.runner.endings import Ending
from contract_tests.runner.run_state import Run, is_ours
from contract_tests.transport.guards import RateLimited
from contract_tests.transport.visible import visible


class ResultCollector:
    """Hooks around each check."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stopwatch = Stopwatch()

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """Show which check starts now."""
        sent = len(self._run.context.case.ledger.exchanges) if self._run.context is not None else 0
        self._run.check = CurrentCheck(kind_of(nodeid), sent, len(self._run.results.findings))
        if self._run.progress is not None:
            self._run.progress.step(self._run.redact(nodeid.rpartition("::")[2]))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Collect what the check found; the report that other plugins see holds only our own redacted text."""
        # pytest replaces the exception of a skipped check by its own.
        raised = call.excinfo.value if call.excinfo is not None else None
        report = yield
        if not is_ours(item):
            return report
        self._run.check.seconds += report.duration
        if report.failed and raised is not None:
            ending = self._run.end(self._run.endings().of(raised))
            report.longrepr = ending.said
            if ending.ended in (Ended.WAIVED, Ended.LEFT_OUT):
                report.outcome, report.longrepr = "skipped", (str(item.path), 0, ending.said)
        elif report.skipped and isinstance(report.longrepr, tuple) and raised is not None:
            said = self._run.shown(str(report.longrepr[2]))
            self._run.results.add_not_checked(gap_of(raised, said.removeprefix("Skipped: ")).shown(self._run.shown))
            self._run.check.ended, self._run.check.said = Ended.LEFT_OUT, said
            report.longrepr = (str(item.path), item.location[1] or 0, said)
        elif report.passed and report.when == "call":
            self._run.results.passed += 1
        if call.when == "call":
            self._check_response_times(item)
        if call.when == "teardown":
            self._remember(item)
        if isinstance(raised, RateLimited):
            item.session.shouldstop = "the target is still rate limiting after all retries"
        if isinstance(raised, NotPutBack):
            item.session.shouldstop = "an order could not be put back"
        if self._run.settings.fail_fast and self._run.results.failed:
            item.session.shouldstop = "stopped after the first finding (--fail-fast)"
        report.sections = [(name, visible(self._run.redact(text))) for name, text in report.sections]
        return report

    def _remember(self, item: pytest.Item) -> None:
        """Record the result of the finished check, with every request that it sent."""
        assert self._run.context is not None
        exchanges = self._run.context.case.ledger.exchanges
        self._run.results.checked.append(self._run.check.checked(item.nodeid, exchanges, self._run.results.findings))

    def _check_response_times(self, item: pytest.Item) -> None:
        """A mock that is slow repeatedly would make the run very long; one finding ends the run."""
        assert self._run.context is not None
        only = self._run.settings.only_rules
        is_reported = not only or Rule.IN_TIME.id in only
        if not self._run.context.target.is_mock or item.session.shouldstop or not is_reported:
            return
        slow = self._stopwatch.too_slow(self._run.context.case.ledger.exchanges)
        if slow is not None:
            times = (f"within {SLOW_SECONDS:g} seconds", f"{slow.elapsed_seconds:.1f} seconds, and more than once")
            finding = self._run.context.rules.finding(slow, Rule.IN_TIME, *times, source="observed")
            self._run.end(Ending(Ended.BROKEN, str(finding), (finding,)))
            item.session.shouldstop = "the target is too slow"

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A check that cannot be collected is a bug in the contract tests."""
        if report.failed:
            last = [line for line in report.longreprtext.splitlines() if line.strip()][-1:]
            self._run.results.problems.append(
                self._run.shown(f"A check could not be loaded ({''.join(last)}); please report this.")
            )

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Report a bug in the contract tests in one sentence."""
        what = f"{type(excinfo.value).__name__}: {excinfo.value}".splitlines()[0]
        self._run.results.problems.append(
            self._run.shown(f"The contract tests failed internally ({what}); please report this.")
        )
        return True

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep what was found so far."""
        if isinstance(excinfo.value, pytest.Session.Interrupted):
            return
        if not isinstance(excinfo.value, KeyboardInterrupt):
            self._run.results.problems.append(self._run.shown(str(excinfo.value)))
            return
        # What a check undid on its way out.
        undone = "".join(f"; {self._run.shown(note)}" for note in getattr(excinfo.value, "__notes__", ()))
        self._run.results.problems.append(f"The run was interrupted{undone}; the results so far are reported.")
