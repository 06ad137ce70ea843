"""The project's structural rules: layers, file sizes, first lines, and a Makefile that lists its targets."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("mock_server", "polar_contract", "contract_tests", "bench", "mutants", "sdk", "tests")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_FILE_LINES = 300
LONGEST_FUNCTION_LINES = 60


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_only_go_down() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_each_file_is_short_and_says_what_it_contains() -> None:
    assert [fault for path in FILES for fault in _faults(path)] == []


def _faults(path: Path) -> Iterator[str]:
    text = path.read_text()
    tree = ast.parse(text)
    if not ast.get_docstring(tree):
        yield f"{name_of(path)}: the first line has to say what the file contains"
    if (lines := text.count("\n")) > LONGEST_FILE_LINES:
        yield f"{name_of(path)}: {lines} lines, at most {LONGEST_FILE_LINES}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _lines(node) > LONGEST_FUNCTION_LINES:
            yield f"{name_of(path)}: {node.name} has {_lines(node)} lines, at most {LONGEST_FUNCTION_LINES}"


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_make_help_lists_every_target() -> None:
    declared = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)[0].split()

    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert re.findall(r"^  make ([\w-]+)", listed, re.M) == declared


def test_no_error_is_frozen() -> None:
    """Raising an error sets its traceback, which a frozen dataclass refuses."""
    frozen = [
        f"{name_of(path)}: {node.name}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list)
        and any(ast.unparse(base).endswith(("Error", "Exception", "Refused")) for base in node.bases)
    ]

    assert frozen == []
