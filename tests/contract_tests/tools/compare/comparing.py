"""Runs `polar-contract compare` in this process and reads its report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from click.testing import CliRunner

from contract_tests.cli import main

_FOUND = re.compile(r"^✗ differs in ([a-z ]+): (.+?)(?:, \d+ times)?$", re.M)
_NO_TOKENS = {
    f"POLAR_{side}{kind}_TOKEN": None
    for side in ("", "LEFT_", "RIGHT_")
    for kind in ("CUSTOMER", "MEMBER", "ORGANIZATION")
}


@dataclass(frozen=True, slots=True)
class Compared:
    exit_code: int
    output: str

    @property
    def found(self) -> set[tuple[str, str]]:
        """How answers differ, and for which operation."""
        return set(_FOUND.findall(self.output))

    @property
    def last_line(self) -> str:
        return self.output.strip().splitlines()[-1]


def run_compare(*arguments: str, environment: Mapping[str, str] | None = None) -> Compared:
    """`polar-contract compare` with these arguments."""
    done = CliRunner().invoke(main, ["compare", *arguments], env={**_NO_TOKENS, **(environment or {})})
    return Compared(done.exit_code, done.output)
