"""Environments with the built wheel and what its metadata asks for. No index is needed: this environment's libraries are linked."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURS = "polar-contract-harness"
PACKAGES = ("polar_contract", "mock_server", "contract_tests")


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment, and a folder outside the checkout that has folders with the names of our packages."""

    bin: Path
    theirs: Path
    packages: frozenset[str]

    def variables(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("POLAR_", "PYTHON"))}
        return {**kept, "XDG_CACHE_HOME": str(self.theirs / "cache"), **(more or {})}

    def run(self, program: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / program, *arguments],
            cwd=self.theirs,
            env=self.variables(more),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def environment(folder: Path, wheel: Path, *extras: str) -> Environment:
    """A new environment in this folder with the wheel, its dependencies, and those of the extras."""
    venv.create(folder / "venv", symlinks=True, with_pip=False)
    bin_ = folder / "venv" / "bin"
    options = ["--quiet", "--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check"]
    install = ["install", *options, str(wheel)]
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", bin_ / "python", *install], check=True, capture_output=True
    )
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    (ours,) = [Distribution.at(info) for info in site.glob("polar_contract_harness-*.dist-info")]
    needed = dict(_needed(ours, frozenset(extras), set()))
    for one in needed.values():
        for name in {file.parts[0] for file in one.files or ()} - {"..", "__pycache__"}:
            if not (site / name).exists():
                (site / name).symlink_to(str(one.locate_file(name)))
    return Environment(bin_, _theirs(folder), frozenset(needed))


def _needed(one: Distribution, extras: frozenset[str], seen: set[str]) -> Iterator[tuple[str, Distribution]]:
    """The distributions that this one needs with these extras, and what those need."""
    for text in one.requires or ():
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        if requirement.marker and not any(requirement.marker.evaluate({"extra": e}) for e in ("", *extras)):
            continue
        if name == OURS:
            yield from _needed(one, frozenset(requirement.extras), seen)
        elif name not in seen:
            seen.add(name)
            found = distribution(name)
            yield name, found
            yield from _needed(found, frozenset(requirement.extras), seen)


def _theirs(folder: Path) -> Path:
    theirs = folder / "theirs"
    for name in PACKAGES:
        (theirs / name).mkdir(parents=True)
        (theirs / name / "__init__.py").write_text("raise SystemExit('the wrong package')\n")
    (theirs / "conftest.py").write_text("raise SystemExit('the wrong conftest')\n")
    (theirs / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    return theirs
