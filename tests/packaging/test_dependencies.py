"""Every import of the packages is declared; every declared dependency is pinned, by a version alone, and has a written reason."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from contract_tests.__main__ import LIBRARIES
from polar_contract.extras import SPEC_LIBRARIES

ROOT = Path(__file__).parents[2]
PACKAGES = ("polar_contract", "mock_server", "contract_tests", "pytest_polar")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PIN = re.compile(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*")


def imported_by(path: Path) -> Iterator[str]:
    """Top-level names of absolute imports, including late ones."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def declared(requirements: list[str]) -> set[str]:
    names = {normalised(re.split(r"[\[<>=!~; ]", requirement)[0]) for requirement in requirements}
    return names - {PROJECT["name"]}


MOCK = declared(PROJECT["dependencies"])
EXTRAS = {extra: declared(named) for extra, named in PROJECT["optional-dependencies"].items()}


def pin_lines() -> list[str]:
    return [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]


def foreign_to(package: str) -> set[str]:
    """The libraries that a package imports."""
    return {
        name
        for path in (ROOT / package).rglob("*.py")
        for name in imported_by(path)
        if name not in sys.stdlib_module_names and name not in PACKAGES and name != "_typeshed"
    }


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("mock_server", MOCK),
        ("polar_contract", MOCK | EXTRAS["spec"]),
        ("pytest_polar", MOCK | {"pytest"}),
        ("contract_tests", MOCK | EXTRAS["spec"] | EXTRAS["contract-tests"]),
    ],
)
def test_what_a_package_imports_is_a_declared_dependency(package: str, allowed: set[str]) -> None:
    distributions, foreign = packages_distributions(), foreign_to(package)

    assert foreign, "every package uses something"
    needed = {normalised(distributions[name][0]) for name in foreign}
    assert needed - allowed == set()


def test_the_command_line_asks_for_all_that_the_contract_tests_import_beyond_the_mock() -> None:
    distributions = packages_distributions()

    beyond = {name for name in foreign_to("contract_tests") if normalised(distributions[name][0]) not in MOCK}

    assert set(LIBRARIES) == beyond


def test_the_loader_asks_for_all_that_the_extra_of_the_spec_brings() -> None:
    distributions = packages_distributions()

    assert {normalised(distributions[name][0]) for name in SPEC_LIBRARIES} == EXTRAS["spec"]


def test_every_declared_dependency_is_pinned() -> None:
    wanted = MOCK.union(*EXTRAS.values())

    assert wanted - {normalised(line.partition("==")[0]) for line in pin_lines()} == set()


def test_a_pin_is_a_name_and_a_version() -> None:
    """No index, link or hash: they would bind the file to one mirror or platform."""
    assert [line for line in pin_lines() if not PIN.fullmatch(line)] == []


def test_every_runtime_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "decisions" / "0002-runtime-dependencies.md").read_text().lower()
    runtime = MOCK | EXTRAS["spec"] | EXTRAS["contract-tests"]

    assert [name for name in runtime if name not in reasons] == []


def test_every_development_tool_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "decisions" / "0010-development-tools.md").read_text().lower()

    assert [name for name in EXTRAS["dev"] if name not in reasons] == []
