"""One wheel contains everything, and works without a checkout. `make dist` runs these."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from polar_contract import load_contract
from polar_contract.json_types import as_object

pytestmark = pytest.mark.installs
ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
_CLIENT = (
    "from mock_server.assembly import *; from werkzeug.test import Client; client = Client(assemble(Settings()).app)"
)
PACKAGES = ("polar_contract", "mock_server", "contract_tests", "pytest_polar")


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where only the installed wheel and its dependencies can be imported."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "site"), "XDG_CACHE_HOME": str(folder / "cache")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outside")
    install = ["install", "--quiet", "--no-deps", "--target", str(folder / "site"), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True, capture_output=True)
    return folder


def test_the_published_contract_is_in_the_wheel(installed: Path) -> None:
    program = (
        "import polar_contract as p; c = p.load_contract(); "
        "print(p.__file__, c.published['info']['version'], len(c.effective['paths']))"
    )

    done = python(installed, "-c", program)

    assert str(installed) in done.stdout, done.stderr
    assert f" 0.1.0 {len(as_object(load_contract().effective['paths']))}" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("-m", "mock_server", "--help"),
        ("-m", "mock_server", "serve", "--help"),
        ("-m", "contract_tests", "--help"),
        ("-c", "from mock_server.documents.scenarios import load_scenario; load_scenario('demo')"),
        ("-c", f"{_CLIENT}; assert client.get('/_mock/').status_code == 200"),
        ("-c", f"{_CLIENT}; assert client.get('/_mock/assets/page.css').status_code == 200"),
    ],
)
def test_both_tools_answer(installed: Path, arguments: tuple[str, ...]) -> None:
    done = python(installed, *arguments)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("module", "program"), [("mock_server", "polar-mock"), ("contract_tests", "polar-contract")])
def test_each_tool_prints_the_version_of_the_package(installed: Path, module: str, program: str) -> None:
    done = python(installed, "-m", module, "--version")

    assert done.stdout == f"{program}, version {VERSION}\n", done.stderr


def test_a_type_checker_of_the_user_sees_the_types(installed: Path) -> None:
    assert [name for name in PACKAGES if not (installed / "site" / name / "py.typed").is_file()] == []
    (installed / "theirs.py").write_text(
        "from contract_tests.checks.rules import Rule\n"
        "from mock_server.testing import running_mock\n"
        "from polar_contract import load_contract\n"
        "reveal_type(load_contract().revision)\n"
        "reveal_type(running_mock())\n"
        "reveal_type(Rule.NUMBERED.id)\n"
    )

    done = python(installed, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=mypy-cache", "theirs.py")

    assert done.returncode == 0, done.stdout
    assert 'Revealed type is "str"' in done.stdout
    assert "mock_server.testing.RunningMock" in done.stdout


def test_pytest_runs_the_contract_tests_without_a_checkout(installed: Path) -> None:
    plugin = ("-p", "contract_tests.runner.pytest_options", "-p", "no:cacheprovider")

    done = python(
        installed,
        "-m",
        "pytest",
        "--pyargs",
        "contract_tests",
        *plugin,
        "-q",
        "-k",
        "test_core and generate_invoice and unpaid",
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "no violations of the contract found" in done.stdout


def test_pytest_finds_the_plugin_by_itself(installed: Path) -> None:
    done = python(
        installed, "-m", "pytest", "--fixtures", "-p", "no:cacheprovider", "--collect-only", "-q", "site/pytest_polar"
    )

    assert "polar_world -- site/pytest_polar/plugin.py" in done.stdout, done.stdout + done.stderr
