"""Both tools complete words in a shell, by click's own scripts; docs/pipelines.md says how to turn that on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


def completed(tool: str, line: str) -> list[str]:
    """What bash offers for the last word of a line, which may be empty."""
    variable = f"_{tool.upper().replace('-', '_')}_COMPLETE"
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    done = subprocess.run(
        [BIN / tool], env={**os.environ, **words, variable: "bash_complete"}, capture_output=True, text=True, check=True
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("tool", "line", "expected"),
    [
        ("polar-mock", "polar-mock se", ["serve"]),
        ("polar-mock", "polar-mock serve --allow", ["--allow-webhook-hosts"]),
        ("polar-contract", "polar-contract re", ["replay"]),
        ("polar-contract", "polar-contract run --only we", ["webhooks"]),
    ],
)
def test_when_a_word_is_begun_then_the_shell_offers_its_end(tool: str, line: str, expected: list[str]) -> None:
    assert completed(tool, line) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_when_a_shell_asks_then_it_gets_its_script(shell: str) -> None:
    environment = {**os.environ, "_POLAR_MOCK_COMPLETE": f"{shell}_source"}

    done = subprocess.run([BIN / "polar-mock"], env=environment, capture_output=True, text=True, check=True)

    assert "polar-mock" in done.stdout
