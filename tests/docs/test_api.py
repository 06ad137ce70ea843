"""docs/api.md is true: its signatures and options are those of the code, and its Python examples run."""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click
import pytest

import polar_contract
from contract_tests.cli.run import run as run_command
from contract_tests.runner.pytest_options import pytest_addoption
from tests.docs.blocks import ROOT, Block, blocks

_PAGE = "docs/api.md"
_PUBLIC = {
    "mock_server.testing": ["mock_server/testing.py"],
    "polar_contract": sorted(str(path.relative_to(ROOT)) for path in (ROOT / "polar_contract").glob("*.py")),
}


def _definitions(code: str) -> Iterator[tuple[str, ast.stmt]]:
    """Functions, classes and type aliases of a module's top level, by name."""
    for node in ast.parse(code).body:
        match node:
            case ast.FunctionDef(name) | ast.ClassDef(name):
                yield name, node
            case ast.AnnAssign(ast.Name(name)):
                yield name, node


def _signature(node: ast.stmt) -> str:
    """A definition without its body; of a class the bases and the annotated fields."""
    match node:
        case ast.FunctionDef():
            body: list[ast.stmt] = []
        case ast.ClassDef():
            body = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        case _:
            return ast.unparse(node)
    node.body = body or [ast.Expr(ast.Constant(...))]
    return ast.unparse(node)


def _of_code(module: str) -> dict[str, str]:
    return {
        name: _signature(node) for file in _PUBLIC[module] for name, node in _definitions((ROOT / file).read_text())
    }


def _of_page(module: str) -> dict[str, str]:
    """The signatures of the section whose heading names the module."""
    (section,) = re.findall(rf"^## `{re.escape(module)}`.*?(?=^## |\Z)", (ROOT / _PAGE).read_text(), re.M | re.S)
    (stub,) = re.findall(r"^```pyi\n(.*?)^```$", section, re.M | re.S)
    return {name: _signature(node) for name, node in _definitions(stub)}


@pytest.mark.parametrize("module", _PUBLIC)
def test_signatures_on_the_page_are_those_of_the_code(module: str) -> None:
    shown, actual = _of_page(module), _of_code(module)

    assert shown == {name: actual.get(name) for name in shown}


def test_the_page_shows_every_public_name() -> None:
    assert set(_of_page("polar_contract")) == set(polar_contract.__all__)
    assert set(_of_page("mock_server.testing")) == {
        name for name in _of_code("mock_server.testing") if not name.startswith("_")
    }


class _Recorder:
    """Stands in for pytest's parser, and keeps the options that are added."""

    def __init__(self) -> None:
        self.defaults: dict[str, str] = {}

    def getgroup(self, *_: str) -> _Recorder:
        return self

    def addoption(self, name: str, *, default: object = None, help: str = "", **_: object) -> None:
        if help == argparse.SUPPRESS:  # an old name
            return
        self.defaults[name] = "" if default in (None, []) else str(default)


def _pytest_options() -> dict[str, str]:
    recorder = _Recorder()
    pytest_addoption(cast(pytest.Parser, recorder))
    return recorder.defaults


def test_the_table_lists_every_pytest_option_with_its_default() -> None:
    rows = re.findall(r"^\| `(--[a-z-]+)[^|]*\| (?:`([^`]*)`)? ?\|", (ROOT / _PAGE).read_text(), re.M)

    assert dict(rows) == _pytest_options()


def test_the_page_names_the_options_that_only_the_command_has() -> None:
    (sentence,) = re.findall(r"^Options that only `polar-contract run` has: .*$", (ROOT / _PAGE).read_text(), re.M)
    shown = [one for one in run_command.params if isinstance(one, click.Option) and not one.hidden]
    of_command = {name for option in shown for name in option.opts if name.startswith("--")}

    assert set(re.findall(r"`(--[a-z-]+)`", sentence)) == of_command - set(_pytest_options()) - {"--timeout"}


@pytest.mark.parametrize("block", [b for b in blocks(_PAGE) if b.language == "python"], ids=["pytest", "script"])
def test_a_python_example_runs(block: Block, tmp_path: Path) -> None:
    (tmp_path / "test_example.py").write_text(block.text)
    program = ["-m", "pytest", "-q"] if "def test_" in block.text else []

    done = subprocess.run(
        [sys.executable, *program, "test_example.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
