"""The judge inside pytest: opens the target, turns failures into findings, keeps secrets out of reports, sets the exit code."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from contract_tests.coverage import coverage_rows, unreached
from contract_tests.findings import CannotJudge, ContractBroken, Finding
from contract_tests.judging import Case, Judge, prepare_case
from contract_tests.progress import Progress
from contract_tests.reporting.files import JUNIT_FILE, write_files
from contract_tests.reporting.report import Report
from contract_tests.reporting.terminal import print_report, report_console
from contract_tests.results import Results
from contract_tests.settings import Settings
from contract_tests.targets import open_target
from contract_tests.transport import NoAnswer
from contract_tests.verdicts import Outcome, decide
from polar_contract import ContractError, load_contract

PLUGIN_NAME = "polar-contract-judge"
_PACKAGE = Path(__file__).parent


class JudgePlugin:
    """One run. `judge` is there while checks run, `report` afterwards."""

    def __init__(self, settings: Settings, *, progress: Progress | None = None) -> None:
        self.settings = settings
        self.judge: Judge | None = None
        self.report: Report | None = None
        self.results = Results()
        self._progress = progress
        self._case: Case | None = None
        self._target_name = "The target"
        self._selected_all = True
        self._open = ExitStack()
        self._started = time.monotonic()

    @property
    def _is_whole(self) -> bool:
        is_cut = self.judge is not None and self.judge.target.budget.is_spent
        return self.settings.is_whole and self._selected_all and not is_cut

    @property
    def case(self) -> Case:
        """The contract made ready. Errors: CannotJudge for an unknown revision."""
        if self._case is None:
            try:
                self._case = prepare_case(self.settings, load_contract(self.settings.revision))
            except ContractError as problem:
                raise CannotJudge(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from problem
        return self._case

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """JUnit XML goes beside the summary unless the user has said where; no time goes into tracebacks that nobody sees."""
        if not config.pluginmanager.hasplugin("terminalreporter"):
            config.option.tbstyle = "value"
        config.addinivalue_line("markers", "live: about a live account, never about the mock")
        if config.pluginmanager.hasplugin("junitxml") and not config.option.xmlpath:
            config.option.xmlpath = str(self.settings.reports / JUNIT_FILE)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Open the target before the first check; without one there is nothing to loop over."""
        if session.config.option.collectonly or not any(_is_ours(item) for item in session.items):
            return None
        case = self.case
        try:
            target = self._open.enter_context(
                open_target(self.settings, case.operations, ledger=case.ledger, learn=case.redactor.learn)
            )
        except CannotJudge as problem:
            self.results.problems.append(self.redact(str(problem)))
            return True
        self.judge = Judge(case, target)
        if target.is_mock:
            session.items = [item for item in session.items if not item.get_closest_marker("live")]
            self.pytest_collection_finish(session)
        self._target_name = f"The mock at {target.base_url}" if target.is_mock else target.base_url
        return None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Collect what the check found; the report that others see holds our words only, redacted."""
        report = yield
        if not _is_ours(item):
            return report
        if report.failed and call.excinfo is not None:
            report.longrepr = self.redact(self._explain(call.excinfo.value))
            if self._is_spared(call.excinfo.value):
                report.outcome, report.longrepr = "skipped", (str(item.path), 0, report.longrepr)
        elif report.skipped and isinstance(report.longrepr, tuple):
            path, line, reason = report.longrepr
            self.results.add_not_judged(self.redact(str(reason).removeprefix("Skipped: ")))
            report.longrepr = (path, line, self.redact(str(reason)))
        elif report.passed and report.when == "call":
            self.results.passed += 1
        report.sections = [(name, self.redact(text)) for name, text in report.sections]
        return report

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Tell where we are."""
        if self._progress is not None:
            self._progress.step(self.redact(nodeid.rpartition("::")[2]))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Checks that can't even be collected are a mistake of the judge."""
        if report.failed:
            last = [line for line in report.longreprtext.splitlines() if line.strip()][-1:]
            self.results.problems.append(
                self.redact(f"A check could not be read ({''.join(last)}); please report this.")
            )

    def pytest_deselected(self) -> None:
        """With `-k` and the like nothing can be said about what was never reached."""
        self._selected_all = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Now the number of checks is known."""
        if self._progress is not None:
            self._progress.expect(len(session.items))

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: object, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """A mistake of the judge itself is told in a sentence."""
        what = f"{type(excinfo.value).__name__}: {excinfo.value}".splitlines()[0]
        self.results.problems.append(self.redact(f"The judge itself failed ({what}); please report this."))
        return True

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """What was found so far is kept."""
        if not isinstance(excinfo.value, KeyboardInterrupt):
            self.results.problems.append(self.redact(str(excinfo.value)))
            return
        self.results.problems.append("The run was interrupted before it was through; what it found so far is reported.")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Close the target, decide, write the summary, and set the exit code."""
        self._open.close()
        if session.config.option.collectonly or not (self._case or self.results.problems):
            return
        self.report = self._finished_report()
        try:
            write_files(self.report, self.redact)
        except OSError as problem:
            self.results.problems.append(
                f"The reports could not be written to {self.settings.reports} ({problem.strerror})."
            )
            self.report = self._finished_report()
        session.exitstatus = self.report.outcome.exit_code

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table and the verdict, below pytest's own lines."""
        if self.report is not None:
            print_report(self.report, report_console(), self.redact)

    def _finished_report(self) -> Report:
        case = self._case
        rows = (
            coverage_rows(case.operations, case.ledger.reached) if case is not None and self.judge is not None else []
        )
        is_mock = self.judge is not None and self.judge.target.is_mock
        live_stage = self.judge.target.live_stage if self.judge is not None else None
        return Report(
            settings=self.settings,
            target=self.judge.target.base_url if self.judge else self.settings.base_url,
            account=live_stage.account if live_stage is not None else "",
            is_mock=is_mock,
            counts_promises=self._counts_promises,
            outcome=self._outcome(unreached(rows) if is_mock and self._is_whole else []),
            results=self.results,
            rows=rows,
            exchanges=case.ledger.exchanges if case is not None else [],
            requests=case.ledger.requests if case is not None else 0,
            duration_seconds=time.monotonic() - self._started,
        )

    def _outcome(self, owed: list[str]) -> Outcome:
        return decide(
            target=self._target_name,
            findings=self.results.findings if self._counts_promises else self.results.broken_rules,
            spared_promises=() if self._counts_promises else self.results.broken_promises,
            problems=self.results.problems,
            owed=owed,
            passed=self.results.passed,
        )

    @property
    def _counts_promises(self) -> bool:
        return self.settings.promises or self.judge is None or self.judge.target.is_mock

    def _is_spared(self, problem: BaseException) -> bool:
        """Whether a check found nothing but promises that don't count."""
        is_about_promises = isinstance(problem, ContractBroken) and all(
            finding.source == "promise" for finding in problem.findings
        )
        return is_about_promises and not self._counts_promises

    def _explain(self, problem: BaseException) -> str:
        """The words for a failed check; collects its findings or its problem."""
        if isinstance(problem, ContractBroken):
            self.results.add_findings(problem.findings, is_spared=self._is_spared(problem))
            return str(problem)
        if isinstance(problem, NoAnswer):
            return self._explain_silence(problem)
        if isinstance(problem, CannotJudge) and isinstance(problem.__context__, ContractBroken):
            # What could not be put back does not hide why.
            self._explain(problem.__context__)
        sentence = str(problem) if isinstance(problem, CannotJudge) else _mistake(problem)
        self.results.problems.append(self.redact(sentence))
        return sentence

    def _explain_silence(self, problem: NoAnswer) -> str:
        """A request without an answer is a finding while the target still answers others, and the end otherwise."""
        assert self.judge is not None
        request = problem.request
        asked = f"{request.method} {request.url}" if isinstance(request, requests.PreparedRequest) else "the request"
        try:
            self.judge.client.send("customer_portal:orders:list")
        except NoAnswer:
            sentence = f"{self._target_name} stopped answering during the run, at {asked}."
            self.results.problems.append(self.redact(sentence))
            return sentence
        finding = Finding(
            rule="Every request gets a complete answer",
            expected="an HTTP answer",
            got=self.redact(str(problem)),
            operation_id=None,
            source="law",
            reproduce=self.redact(f"curl -i -X {asked}"),
        )
        self.results.add_findings([finding])
        return str(finding)

    def redact(self, text: str) -> str:
        """The text as it may be shown."""
        return self._case.redactor.redact(text) if self._case is not None else text


def _mistake(problem: BaseException) -> str:
    what = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
    return f"A check could not be made ({what}); this is a mistake of the judge, please report it."


def _is_ours(item: pytest.Item) -> bool:
    return item.path.is_relative_to(_PACKAGE)
