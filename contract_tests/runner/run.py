"""One run: runs the checks in one or several processes, prints the report and returns the exit code."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from contract_tests.config.errors import CannotRun
from contract_tests.config.settings import Settings
from contract_tests.reporting.files import write_files
from contract_tests.reporting.progress import Progress
from contract_tests.reporting.redaction import Redactor
from contract_tests.reporting.terminal import print_report, print_service, report_console
from contract_tests.runner.context import prepare_case
from contract_tests.runner.identifying import Beginning, begin
from contract_tests.runner.merge import report_of
from contract_tests.runner.pytest_session import make_checks, run_share
from contract_tests.runner.workers import run_in_processes
from contract_tests.targets.open import own_mock
from contract_tests.transport.visible import visible_line
from polar_contract import Contract, ContractError, load_contract


def run(settings: Settings) -> int:
    """Run the checks, print the report, and return the exit code."""
    try:
        _require_writable(settings.reports)
    except OSError as problem:
        sentence = f"The reports could not be written to {settings.reports} ({problem.strerror}); give another folder."
        report_console().print(sentence, soft_wrap=True, markup=False)
        return 2
    try:
        load_contract(settings.revision)
        beginning = begin(settings)
        contract = load_contract(beginning.settings.revision)
    except ContractError as problem:
        report_console().print(f"{str(problem)[:1].upper()}{str(problem)[1:]}.", soft_wrap=True, markup=False)
        return 2
    if beginning.settings.service is not None:
        print_service(beginning.settings.service, report_console())
    # Several processes cannot share the request rate of a live account.
    is_shared = settings.workers > 1 and not settings.as_live and beginning == Beginning(settings)
    return _run_in_processes(settings, contract) if is_shared else _run_here(beginning)


def _require_writable(folder: Path) -> None:
    """Fail before the first request if the reports cannot be written. Errors: OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def _run_here(beginning: Beginning) -> int:
    console = report_console()
    progress = Progress(sys.stderr)
    plugin = make_checks(beginning.settings, progress=progress, beginning=beginning)
    progress.clear()
    if plugin.report is None:
        sentence = (
            plugin.results.problems or ["The contract tests stopped before the first check; please report this."]
        )[0]
        console.print(visible_line(sentence), soft_wrap=True, markup=False)
        return 2
    print_report(plugin.report, console, plugin.redact)
    return plugin.report.decision.exit_code


def _run_in_processes(settings: Settings, contract: Contract) -> int:
    console, progress, started = report_console(), Progress(sys.stderr), time.monotonic()
    operations = prepare_case(settings, contract).operations
    progress.say(f"running checks in {settings.workers} processes")
    try:
        with own_mock(settings) as target:
            shard_result = run_in_processes(replace(settings, base_url=target), run_share)
    except CannotRun as problem:
        console.print(visible_line(str(problem)), soft_wrap=True, markup=False)
        return 2
    progress.clear()
    redactor = Redactor()
    for secret, name in shard_result.secrets.items():
        redactor.learn(secret, name)
    report = report_of(shard_result, settings, operations, duration_seconds=time.monotonic() - started)
    report = write_files(report, redactor.redact)
    print_report(report, console, redactor.redact)
    return report.decision.exit_code
