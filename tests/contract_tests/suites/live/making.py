"""Runs targets of the Makefile in a folder of their own, with the tools of these tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.contract_tests.running import CHECKOUT


@dataclass(frozen=True, slots=True)
class Made:
    exit_code: int
    output: str


def run_make(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, bin_folder: str | None = None
) -> Made:
    """Run make in a folder of its own, with the tools of these tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("POLAR_") and name not in ("BASE_URL", "ORDER", "ARGS", "MAKEFLAGS", "MAKELEVEL")
    }
    tools = bin_folder or str(Path(sys.executable).parent)
    done = subprocess.run(
        ["make", "-f", CHECKOUT / "Makefile", "-o", ".venv/.stamp", f"BIN={tools}", *arguments],
        cwd=folder,
        env={**kept, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return Made(done.returncode, done.stdout)
