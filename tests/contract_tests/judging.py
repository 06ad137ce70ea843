"""Running the judge as its users do: as a program, whose exit code, output and reports are looked at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from polar_contract.json_types import JsonObject, as_list, as_object

CHECKOUT = Path(__file__).parents[2]
_LONGEST_RUN_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Judged:
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

    def findings(self) -> list[tuple[str, str]]:
        """Rule and operation of every finding, broken promises last."""
        promises = as_object(self.summary["broken_promises"])["findings"]
        listed = map(as_object, [*as_list(self.summary["findings"]), *as_list(promises)])
        return [(str(finding["rule"]), str(finding["operation_id"])) for finding in listed]


def judge(reports: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Judged:
    """`polar-contract run` with these arguments."""
    return _run([sys.executable, "-m", "contract_tests", "run", *arguments], reports, environment)


def judge_with_pytest(reports: Path, *arguments: str) -> Judged:
    """`pytest contract_tests` with these arguments, from the checkout."""
    return _run([sys.executable, "-m", "pytest", "contract_tests", "-p", "no:cacheprovider", *arguments], reports, None)


def _run(command: list[str], reports: Path, environment: Mapping[str, str] | None) -> Judged:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("POLAR_")}
    done = subprocess.run(
        [*command, "--reports", str(reports)],
        cwd=CHECKOUT,
        env={**clean, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LONGEST_RUN_SECONDS,
        check=False,
    )
    return Judged(done.returncode, done.stdout, reports)
