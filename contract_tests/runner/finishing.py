"""Ends a run: counts what was not started, decides the verdict, writes and prints the reports."""

from __future__ import annotations

import pytest

from contract_tests.config.gaps import Gap, Remedy
from contract_tests.reporting.files import write_files
from contract_tests.reporting.terminal import print_report, print_service, report_console
from contract_tests.runner.run_state import Run, is_ours

_NEVER_BEGUN = Gap("checks", "not reached: the run ended early", Remedy.TIME, "checks that were not started")


class RunFinisher:
    """Hooks after the last check."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Close the target, decide the verdict, write the reports, and set the exit code."""
        self._run.cleanup.close()
        self._count_unstarted(session)
        if (
            session.config.option.collectonly
            or not (self._run.loaded_case or self._run.results.problems)
            or self._run.settings.share
        ):
            return
        self._run.report = self._run.finished_report()
        try:
            self._run.report = write_files(self._run.report, self._run.redact)
        except OSError as problem:
            self._run.results.problems.append(
                f"The reports could not be written to {self._run.settings.reports} ({problem.strerror})."
            )
            self._run.report = self._run.finished_report()
        session.exitstatus = self._run.report.decision.exit_code

    def _count_unstarted(self, session: pytest.Session) -> None:
        """Count the checks that a run that ended early did not start."""
        if self._run.context is None:
            return
        made = {one.name for one in self._run.results.checked}
        for item in session.items:
            if is_ours(item) and item.nodeid not in made:
                self._run.results.add_not_checked(_NEVER_BEGUN)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table and the verdict, below pytest's own lines."""
        if self._run.report is not None:
            if self._run.settings.service is not None:
                print_service(self._run.settings.service, report_console())
            print_report(self._run.report, report_console(), self._run.redact)
