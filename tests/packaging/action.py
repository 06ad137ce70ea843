"""Runs the bash steps of action.yml as GitHub's runner does, with files of our own instead of the runner's."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
# Stands for Python: makes an environment with the tools of this one, and notes what pip is asked for.
_PYTHON = f"""#!/bin/sh
mkdir -p "$3/bin" && cd "$3/bin"
ln -s {Path(sys.executable).parent}/polar-* .
cat > python << 'END'
#!/bin/sh
if [ "$1 $2" = "-m pip" ]; then echo "$@" >> "$RUNNER_TEMP/pip"; else exec {sys.executable} "$@"; fi
END
chmod +x python
"""
_EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")


@dataclass
class Runner:
    """One job. `given` are the inputs of its use of the action."""

    folder: Path
    given: dict[str, str] = field(default_factory=dict)
    contract_tests: str | None = None
    """A script instead of polar-contract."""
    printed: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        python = self.folder / "python3"
        python.write_text(_PYTHON)
        python.chmod(python.stat().st_mode | stat.S_IXUSR)
        for name in ("ENV", "OUTPUT", "PATH", "STEP_SUMMARY"):
            (self.folder / name).touch()

    def run(self) -> None:
        """The steps, in their order; after one that fails, those that run always."""
        for step in ACTION["runs"]["steps"]:
            if "run" in step and self._is_due(step.get("if", "")):
                self._run(step)

    @property
    def code(self) -> int:
        return next((code for code in self.codes.values() if code), 0)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()

    def exported(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.text("ENV").splitlines())

    def _is_due(self, condition: str) -> bool:
        always = "always()" in condition
        inputs = re.findall(r"inputs\.([\w-]+) (==|!=) '(.*?)'", condition)
        holds = all((self._input(name) == value) is (sign == "==") for name, sign, value in inputs)
        return holds and (always or not self.code)

    def _run(self, step: Mapping[str, Any]) -> None:
        runner = {f"GITHUB_{name}": str(self.folder / name) for name in ("ENV", "OUTPUT", "PATH", "STEP_SUMMARY")}
        own = {name: self._evaluated(value) for name, value in step.get("env", {}).items()}
        path = os.pathsep.join([*reversed(self.text("PATH").splitlines()), os.environ["PATH"]])
        variables = {**runner, "GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(self.folder), "PATH": path}
        (self.folder / "script").write_text(step["run"])
        # The command of `shell: bash`. Source: GitHub's workflow syntax, `defaults.run.shell`.
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", self.folder / "script"],
            cwd=self.folder,
            env={**os.environ, **self.exported(), **variables, **own},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if step["name"] == "Install" and self.contract_tests is not None:
            tool = self.folder / "polar/bin/polar-contract"
            tool.unlink()
            tool.write_text(self.contract_tests)
            tool.chmod(0o755)
        self.codes[step["name"]], self.printed[step["name"]] = done.returncode, done.stdout + done.stderr

    def _evaluated(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self._value(found[1]), text)

    def _value(self, expression: str) -> str:
        return next((value for name in expression.split(" || ") if (value := self._named(name))), "")

    def _named(self, name: str) -> str:
        if name == "github.action_path":
            return str(ROOT)
        context, _, input_ = name.partition(".")
        assert context == "inputs", name
        return self._input(input_)

    def _input(self, name: str) -> str:
        if name == "python":
            return str(self.folder / "python3")
        default: str = ACTION["inputs"][name]["default"]
        return self.given.get(name, default)
