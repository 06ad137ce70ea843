"""The make targets of the contract tests: one revision, or every revision at once. `polar-contract` is replaced by a script."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contract_tests.running import CHECKOUT

_REVISIONS = ("0.1.0", "2026-04", "2026-10")
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="they are targets of make")


def made(folder: Path, *arguments: str, codes: dict[str, int] | None = None) -> tuple[int, str]:
    """Exit code and output of make, where `polar-contract` prints its arguments and ends with the code of their revision."""
    tools = folder / "tools"
    tools.mkdir()
    cases = "".join(f"  *{revision}*) exit {code};;\n" for revision, code in (codes or {}).items())
    (tools / "polar-contract").write_text(f'#!/bin/sh\necho "$@"\ncase "$*" in\n{cases}  *) exit 0;;\nesac\n')
    (tools / "polar-contract").chmod(0o755)
    for revision in _REVISIONS:
        (folder / "spec" / revision).mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if name not in ("ARGS", "SEED", "MAKEFLAGS", "MAKELEVEL")}
    done = subprocess.run(
        ["make", "-f", CHECKOUT / "Makefile", "-o", ".venv/.stamp", f"BIN={tools}", *arguments],
        cwd=folder,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


class GivenOneRevision:
    @pytest.mark.parametrize(
        ("arguments", "ran"),
        [
            ([], "run"),
            (["SEED=7", "ARGS=--only core"], "run --seed 7 --only core"),
            (["REVISION=2026-10"], "run --revision 2026-10"),
        ],
    )
    def test_when_it_is_tested_then_only_it_is_named(self, arguments: list[str], ran: str, tmp_path: Path) -> None:
        assert made(tmp_path, "contract", *arguments) == (0, f"{ran}\n")


class GivenEveryRevision:
    def test_when_all_hold_then_each_has_reports_of_its_own(self, tmp_path: Path) -> None:
        code, said = made(tmp_path, "contract-all", "SEED=7", "ARGS=--skip properties", "EXAMPLES=3")

        assert code == 0, said
        assert [line for line in said.splitlines() if line.startswith("run")] == [
            f"run --revision {one} --reports reports/{one} --max-examples 3 --workers 1 --seed 7 --skip properties"
            for one in _REVISIONS
        ]

    def test_when_one_is_broken_then_the_others_are_tested_and_it_is_named(self, tmp_path: Path) -> None:
        code, said = made(tmp_path, "contract-all", codes={"2026-04": 1})

        assert code != 0
        assert said.count("run --revision") == len(_REVISIONS)
        assert "The contract is broken in: 2026-04." in said

    def test_when_one_can_not_be_tested_then_that_ends_it(self, tmp_path: Path) -> None:
        code, said = made(tmp_path, "contract-all", codes={"2026-04": 2})

        assert code != 0
        assert "2026-10" not in said
