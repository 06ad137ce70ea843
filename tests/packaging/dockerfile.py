"""Reads the Dockerfile, and runs its steps without a container engine: in a folder that stands for the image's paths."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.tree import files

ROOT = Path(__file__).parents[2]
# The paths that the Dockerfile makes; every other path is the machine's own.
_MADE = re.compile(r"/(?:src|opt/polar|reports)\b")


class Step(NamedTuple):
    keyword: str
    text: str


def steps() -> list[Step]:
    """The instructions of the Dockerfile, in their order."""
    text = re.sub(r"\\\n", "", (ROOT / "Dockerfile").read_text())
    lines = [line.strip() for line in text.splitlines()]
    return [Step(*line.split(None, 1)) for line in lines if line and not line.startswith("#")]


def command_of(text: str) -> list[str]:
    """The command after CMD in its form as a list."""
    command: list[str] = json.loads(text[text.index("[") :])
    return command


def in_the_context(name: str) -> bool:
    """Whether .dockerignore lets a file of the checkout into the build; it lists what is not left out."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    return name.partition("/")[0] in {line[1:] for line in lines if line.startswith("!")}


@dataclass
class Image:
    """What the steps make, below a folder."""

    folder: Path
    workdir: str = "/"
    user: str = "0:0"
    variables: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def at(self, text: str) -> str:
        """The text with the image's paths as paths below the folder."""
        return _MADE.sub(lambda path: f"{self.folder}{path[0]}", text)

    def environment(self) -> dict[str, str]:
        # `python` is the interpreter below this environment, with nothing of ours, as in the image that FROM names.
        python = self.folder / "usr-local-bin"
        path = self.variables.get("PATH", "/usr/local/bin:/usr/bin:/bin")
        inherited = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "HTTP"))}
        own = {name: self.at(value) for name, value in self.variables.items()}
        return {**inherited, "HOME": "/tmp", **own, "PATH": self.at(path).replace("/usr/local/bin", str(python), 1)}

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.at(self.workdir),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


def build(folder: Path) -> Image:
    """Run the steps. Errors: CalledProcessError for a RUN that fails."""
    image = Image(folder)
    python = folder / "usr-local-bin" / "python"
    python.parent.mkdir()
    python.symlink_to(str(sys._base_executable))  # type: ignore[attr-defined]
    for keyword, text in steps():
        _step(image, keyword, text)
    return image


def _step(image: Image, keyword: str, text: str) -> None:
    match keyword:
        case "FROM":
            image.workdir, image.user, image.variables = "/", "0:0", {}
        case "WORKDIR":
            image.workdir = text
            Path(image.at(text)).mkdir(parents=True, exist_ok=True)
        case "USER":
            image.user = text
        case "ENV":
            image.variables |= dict(pair.split("=", 1) for pair in text.split())
        case "CMD":
            image.command = command_of(text)
        case "HEALTHCHECK":
            image.health = command_of(text)
        case "RUN":
            done = image.run(["/bin/sh", "-c", image.at(text)])
            assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        case "COPY" if text == ". .":
            _copy_context(Path(image.at(image.workdir)))
        case "COPY":
            # Both stages are below one folder, so what has the same path there is already where it belongs.
            _, source, target = text.split()
            assert source == target
            assert Path(image.at(target)).exists()
        case _:
            assert keyword in {"ARG", "EXPOSE", "STOPSIGNAL"}, keyword


def _copy_context(target: Path) -> None:
    for name in filter(in_the_context, files()):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
