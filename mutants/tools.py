"""Runs the product's own commands, each in a separate process with a timeout."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST_RUN_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Ended:
    """The result of a finished run; `exit_code` is also 2 when the run timed out."""

    exit_code: int
    output: str
    last_line: str


def polar_contract(*arguments: str) -> Ended:
    """Run `polar-contract` with these arguments until it ends or the timeout is reached."""
    command: Sequence[str] = [sys.executable, "-m", "contract_tests", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_RUN_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Ended(2, "", f"the run took more than {_LONGEST_RUN_SECONDS} seconds")
    return Ended(done.returncode, done.stdout, (done.stdout.strip().splitlines() or [done.stderr.strip()])[-1])
