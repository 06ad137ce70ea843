"""Every file in examples/ runs as its first line says, in a folder of its own; one whose tool is absent here is skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sdk.environments import CannotInstall, Environment, install, is_installed, why_not_typescript
from sdk.releases import Language, Release

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
# Kept between runs, beside the SDKs' own environments.
_NEEDED = ("vitest@3.2.7", "@polar-sh/sdk@0.49.0", "zod@4.6.7", "@playwright/test@1.65.1")
PACKAGES = Release("examples", Language.TYPESCRIPT, _NEEDED, program="", meetings=())
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# With an address that others can reach, so that the control API wants the key.
EXEC = [sys.executable, "-m", "mock_server", "exec", "--host", "0.0.0.0", "--"]
EXEC_WITHOUT_KEY = [sys.executable, "-m", "mock_server", "exec", "--"]
SECONDS = 300.0


def _run(folder: Path, *command: str, **variables: str) -> str:
    """What a command prints. It has to succeed."""
    environment = {**os.environ, "GOTOOLCHAIN": "local", "NO_COLOR": "1", **variables}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def _copied(name: str, folder: Path) -> Path:
    return Path(shutil.copy(EXAMPLES / name, folder))


def _require(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed here")


@pytest.fixture(scope="module")
def node_packages() -> Path:
    reason = why_not_typescript()
    if reason is not None:
        pytest.skip(reason)
    environment = Environment(PACKAGES, ROOT / ".venv-sdk" / PACKAGES.name)
    if not is_installed(environment):
        try:
            install(environment)
        except CannotInstall as error:
            pytest.skip(str(error))
    return environment.folder


def test_pytest_with_the_plugin(tmp_path: Path) -> None:
    _copied("test_invoices.py", tmp_path)

    assert "3 passed" in _run(tmp_path, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


@pytest.mark.parametrize("start", [EXEC, EXEC_WITHOUT_KEY], ids=["with a key", "without"])
def test_vitest_with_the_typescript_sdk(node_packages: Path, tmp_path: Path, start: list[str]) -> None:
    _copied("invoices.test.mjs", tmp_path)
    (tmp_path / "node_modules").symlink_to(node_packages / "node_modules")

    assert "2 passed" in _run(tmp_path, *start, "node_modules/.bin/vitest", "run")


def test_playwright_in_chromium(node_packages: Path, tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip(f"no browser is installed here: {', '.join(BROWSERS)}")
    _copied("invoices.spec.mjs", tmp_path)
    (tmp_path / "node_modules").symlink_to(node_packages / "node_modules")

    done = _run(tmp_path, *EXEC, "node_modules/.bin/playwright", "test", "--reporter", "line", CHROMIUM=browser)

    assert "2 passed" in done


def test_go(tmp_path: Path) -> None:
    _require("go")
    _copied("invoices_test.go", tmp_path)
    (tmp_path / "go.mod").write_text("module invoices\n\ngo 1.19\n")

    assert "ok" in _run(tmp_path, *EXEC, "go", "test", "./...")


def test_php(tmp_path: Path) -> None:
    _require("php")
    _copied("invoices.php", tmp_path)

    assert _run(tmp_path, *EXEC, "php", "invoices.php").count("ok ") == 2


def test_no_example_is_left_out() -> None:
    run_here = {"test_invoices.py", "invoices.test.mjs", "invoices.spec.mjs", "invoices_test.go", "invoices.php"}

    assert {path.name for path in EXAMPLES.iterdir() if path.is_file()} == run_here
