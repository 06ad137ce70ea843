"""Runs `polar-contract` as a program, as users do, and returns its exit code, output and reports."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.cli import main
from polar_contract.json_types import JsonObject, as_list, as_object

CHECKOUT = Path(__file__).parents[2]
_LONGEST_RUN_SECONDS = 120
Program = Callable[[Sequence[str]], None]
# Each run is a separate process, forked from a server that has the program loaded already: loading takes half of a short run.
# The commands in the docs, the make targets and the interrupted runs start the program from scratch.
_LOADED = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(
    [
        *("contract_tests.cli", "contract_tests.cli.dry_run", "contract_tests.runner.run"),
        # pytest itself imports the suites; these are what takes long of them.
        *(
            "contract_tests.suites.scenario_dsl",
            "contract_tests.suites.webhook_dsl",
            "contract_tests.suites.live.writes",
        ),
    ]
)


@dataclass(frozen=True, slots=True)
class RunResult:
    exit_code: int
    output: str
    reports: Path

    @property
    def summary(self) -> JsonObject:
        summary: JsonObject = json.loads((self.reports / "summary.json").read_text("utf-8"))
        return summary

    @property
    def last_line(self) -> str:
        return self.output.strip().splitlines()[-1]

    def findings(self) -> list[tuple[Rule, str]]:
        """Rule and operation of every finding, broken guarantees last."""
        guarantees = as_object(self.summary["broken_guarantees"])["findings"]
        listed = map(as_object, [*as_list(self.summary["findings"]), *as_list(guarantees)])
        return [(Rule.by_id(str(finding["rule_id"])), str(finding["operation_id"])) for finding in listed]


def run_contract(reports: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> RunResult:
    """`polar-contract run` with these arguments."""
    command = ("run", *arguments, "--reports", str(reports))
    exit_code, output = _in_a_process(_contract_tests, command, CHECKOUT, _clean(environment))
    return RunResult(exit_code, output, reports)


def run_pasted_test(file: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """Exit code and output of pytest for a file that belongs to no project."""
    command = ("-q", "-p", "no:cacheprovider", "-c", os.devnull, str(file))
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
    return _in_a_process(_pytest, command, file.parent, _clean(environment))


def run_with_pytest(reports: Path, *arguments: str) -> RunResult:
    """`pytest contract_tests` with these arguments, from the checkout."""
    command = [sys.executable, "-m", "pytest", "contract_tests", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(
        [*command, "--reports", str(reports)],
        cwd=CHECKOUT,
        env=_clean(None),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LONGEST_RUN_SECONDS,
        check=False,
    )
    return RunResult(done.returncode, done.stdout, reports)


def _clean(environment: Mapping[str, str] | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLAR_")}
    return {**kept, **(environment or {})}


def _in_a_process(
    program: Program, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> tuple[int, str]:
    """Exit code and output of a program. Errors: TimeoutError."""
    with tempfile.NamedTemporaryFile() as said:
        run = _LOADED.Process(target=_process, args=(program, arguments, folder, environment, said.name))
        run.start()
        run.join(_LONGEST_RUN_SECONDS)
        if run.is_alive():
            run.kill()
            raise TimeoutError(f"{' '.join(arguments)} did not end: {_text(said)}")
        assert run.exitcode is not None
        return run.exitcode, _text(said)


def _process(
    program: Program, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], output: str
) -> None:
    """The process: sets its environment and sends its output to a file, then runs the program."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    written = os.open(output, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(written, stream)
    program(arguments)


def _contract_tests(arguments: Sequence[str]) -> None:
    main(arguments, prog_name="polar-contract")


def _pytest(arguments: Sequence[str]) -> None:
    sys.exit(pytest.main([*arguments]))


def _text(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode()
