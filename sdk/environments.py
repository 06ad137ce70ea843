"""A separate environment for each SDK: installed once, kept between runs, recreated when its pins change."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sdk.releases import Language, Release

_INSTALL_SECONDS = 300.0
_STAMP = ".installed"
_OLDEST_NODE = 18
"""The first version with `fetch`, which the SDKs use."""


class CannotInstall(Exception):
    """An SDK could not be installed; the message names it and quotes the installer."""

    def __init__(self, release: Release, output: str) -> None:
        lines = [line for line in output.strip().splitlines() if "error" in line.lower()] or output.strip().splitlines()
        super().__init__(
            f"{release.requirements[0]} could not be installed: {' '.join(lines[-2:]) or 'no answer in time'}; "
            "is the package registry within reach?"
        )


@dataclass(frozen=True, slots=True)
class Environment:
    release: Release
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"


def why_not_typescript() -> str | None:
    """The reason to skip TypeScript releases; None if they can run."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "node and npm are not installed"
    found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = found.removeprefix("v").partition(".")[0]
    if not major.isdecimal() or int(major) < _OLDEST_NODE:
        return f"node {_OLDEST_NODE} or newer is needed, and {found or 'nothing'} was found"
    return None


def is_installed(environment: Environment) -> bool:
    stamp = environment.folder / _STAMP
    return stamp.is_file() and stamp.read_text() == _pins(environment)


def install(environment: Environment) -> None:
    """Recreate the environment. Errors: CannotInstall."""
    shutil.rmtree(environment.folder, ignore_errors=True)
    environment.folder.mkdir(parents=True)
    for command in _commands(environment):
        _run(command, environment)
    (environment.folder / _STAMP).write_text(_pins(environment))


def _pins(environment: Environment) -> str:
    return "\n".join((sys.version, *environment.release.requirements))


def _commands(environment: Environment) -> list[list[str]]:
    requirements = environment.release.requirements
    if environment.release.language is Language.TYPESCRIPT:
        quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
        return [["npm", "install", "--prefix", ".", "--save-exact", *quiet, *requirements]]
    return [
        [sys.executable, "-m", "venv", "."],
        [str(environment.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements],
    ]


def _run(command: list[str], environment: Environment) -> None:
    try:
        done = subprocess.run(
            command, cwd=environment.folder, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise CannotInstall(environment.release, "") from late
    if done.returncode != 0:
        raise CannotInstall(environment.release, done.stderr or done.stdout)
