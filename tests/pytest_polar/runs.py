"""Run pytest with the plugin as a user would, in a folder of its own, and read what became of each test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

SECONDS = 120.0


class Outcome(NamedTuple):
    kind: str
    """passed, failure, error or skipped."""
    text: str


class Ran(NamedTuple):
    outcomes: dict[str, Outcome]
    """By the names of the tests."""
    output: str


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "polar", *options]


def environment(folder: Path) -> dict[str, str]:
    """Temporary folders are made in this folder, so that it shows what is left. Without other packages' plugins, which take a second."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return {**os.environ, "TMPDIR": str(temporary), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def run(folder: Path, tests: str, *options: str) -> Ran:
    """Run these tests."""
    (folder / "test_it.py").write_text(tests)
    done = subprocess.run(
        command("--junitxml", "report.xml", *options, "test_it.py"),
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    cases = ElementTree.parse(folder / "report.xml").getroot().iter("testcase")
    return Ran({str(case.get("name")): _outcome(case) for case in cases}, done.stdout + done.stderr)


def _outcome(case: ElementTree.Element) -> Outcome:
    kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
    said = [f"{child.get('message', '')}\n{child.text or ''}" for child in case]
    return Outcome(kinds[0] if kinds else "passed", "\n".join(said))
