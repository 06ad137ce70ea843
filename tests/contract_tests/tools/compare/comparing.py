"""Runs `polar-contract compare` in this process and reads its report."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.suites.cases.rows import Row
from contract_tests.suites.cases.table import core_rows
from contract_tests.tools.compare import check_results
from polar_contract.behaviour import Behaviour
from polar_contract.operations import Operations

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


def run_compare(
    *arguments: str,
    environment: Mapping[str, str | None] | None = None,
    table: Collection[str] | None = None,
    checks: Collection[str] | None = None,
) -> Compared:
    """`polar-contract compare` with these arguments.

    Of the table only the rows of these operations are sent, and of the contract tests only these kinds are run; by default all.
    """

    def rows(operations: Operations, behaviour: Behaviour) -> list[Row]:
        return [row for row in core_rows(operations, behaviour) if table is None or row.operation_id in table]

    kinds = tuple(kind for kind in check_results._MADE if checks is None or kind in checks)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("contract_tests.tools.compare.table.core_rows", rows)
        patched.setattr(check_results, "_MADE", kinds)
        done = CliRunner().invoke(main, ["compare", *arguments], env={**_NO_TOKENS, **(environment or {})})
    return Compared(done.exit_code, done.output)
