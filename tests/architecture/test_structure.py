"""The project's structural rules: layers, file sizes, first lines, and a Makefile that lists its targets."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("mock_server", "polar_contract", "contract_tests", "pytest_polar", "bench", "mutants", "sdk", "tests")
PRODUCT = ("mock_server", "polar_contract", "contract_tests", "pytest_polar")
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


def test_each_file_keeps_the_rules() -> None:
    assert [f"{name_of(path)}: {fault}" for path in FILES for fault in _faults(path)] == []


def _faults(path: Path) -> Iterator[str]:
    text = path.read_text()
    tree = ast.parse(text)
    if not ast.get_docstring(tree):
        yield "the first line has to say what the file contains"
    if (lines := text.count("\n")) > LONGEST_FILE_LINES:
        yield f"{lines} lines, at most {LONGEST_FILE_LINES}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _lines(node) > LONGEST_FUNCTION_LINES:
            yield f"{node.name} has {_lines(node)} lines, at most {LONGEST_FUNCTION_LINES}"
        elif isinstance(node, ast.ClassDef) and _is_frozen_error(node):
            yield f"raising {node.name} sets its traceback, which a frozen dataclass refuses"
    if path.relative_to(ROOT).parts[0] in PRODUCT:
        # What differs between revisions is a rule of spec/REVISION/behaviour.yaml, and code asks for the rule's value.
        yield from (f"line {line} asks for the name of a revision" for line in _revisions_asked_for(tree))


def _is_frozen_error(node: ast.ClassDef) -> bool:
    return any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list) and any(
        ast.unparse(base).endswith(("Error", "Exception", "Refused")) for base in node.bases
    )


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_make_help_lists_every_target() -> None:
    declared = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)[0].split()

    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert re.findall(r"^  make ([\w-]+)", listed, re.M) == declared


# A revision's name, or the form of a dated one.
_REVISION = re.compile(r"\d{4}-\d{2}|\d+\.\d+\.\d+")


@pytest.mark.parametrize(
    "code",
    [
        "if revision == '0.1.0': pass",
        "x = 1 if '2026-10' <= world.revision else 2",
        "x = name in ('2026-04', '2026-10')",
        "x = name in {'0.1.0'}",
        "match revision:\n    case '0.1.0' | '2026-10': pass",
        "x = {'0.1.0': 1}[name]",
        "x = name.startswith('2026-10')",
    ],
)
def test_a_comparison_with_the_name_of_a_revision_is_found(code: str) -> None:
    assert list(_revisions_asked_for(ast.parse(code))) != []


def _revisions_asked_for(tree: ast.Module) -> Iterator[int]:
    """The lines where a revision's name is compared with, matched, or a key."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left, _, others):
                operands: list[ast.AST] = [left, *others]
            case ast.MatchValue(value):
                operands = [value]
            case ast.Dict(keys, _):
                operands = [key for key in keys if key is not None]
            case ast.Call(ast.Attribute(_, "startswith" | "endswith" | "removeprefix"), arguments, _):
                operands = list(arguments)
            case _:
                continue
        for operand in operands:
            for part in ast.walk(operand):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and _REVISION.fullmatch(part.value):
                    yield part.lineno
