"""Both tools complete words in a shell, by click's own scripts; docs/pipelines.md says how to turn that on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

BIN = Path(sys.executable).parent


class Offered(NamedTuple):
    type: str
    value: str


def completed(tool: str, line: str, folder: Path) -> list[Offered]:
    """What bash offers for the last word of a line, which may be empty."""
    variable = f"_{tool.upper().replace('-', '_')}_COMPLETE"
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    done = subprocess.run(
        [BIN / tool],
        cwd=folder,
        env={**os.environ, **words, variable: "bash_complete"},
        capture_output=True,
        text=True,
        check=True,
    )
    return [Offered(*line.split(",", 1)) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("tool", "line", "expected"),
    [
        ("polar-mock", "polar-mock se", ["serve"]),
        ("polar-mock", "polar-mock serve --allow", ["--allow-webhook-hosts"]),
        ("polar-mock", "polar-mock serve --revision 2026-1", ["2026-10"]),
        ("polar-mock", "polar-mock serve --world mem", ["members"]),
        ("polar-mock", "polar-mock serve --world my", ["my-world.yaml"]),
        ("polar-mock", "polar-mock serve --fault webhooks-tw", ["webhooks-twice"]),
        ("polar-mock", "polar-mock exec --world mem", ["members"]),
        ("polar-mock", "polar-mock exec --fault my", ["my-world.yaml"]),
        ("polar-mock", "polar-mock exec --revision 0.", ["0.1.0"]),
        ("polar-contract", "polar-contract re", ["replay"]),
        ("polar-contract", "polar-contract run --only we", ["webhooks"]),
    ],
)
def test_when_a_word_is_begun_then_the_shell_offers_its_end(
    tool: str, line: str, expected: list[str], tmp_path: Path
) -> None:
    for name in ("my-world.yaml", "my-notes.txt"):
        (tmp_path / name).touch()

    assert [one.value for one in completed(tool, line, tmp_path)] == expected


@pytest.mark.parametrize("option", ["--world", "--fault"])
def test_when_a_word_is_no_name_and_no_document_here_then_the_shell_offers_its_files(
    option: str, tmp_path: Path
) -> None:
    assert completed("polar-mock", f"polar-mock serve {option} ../w", tmp_path) == [Offered("file", "../w")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_when_a_shell_asks_then_it_gets_its_script(shell: str) -> None:
    environment = {**os.environ, "_POLAR_MOCK_COMPLETE": f"{shell}_source"}

    done = subprocess.run([BIN / "polar-mock"], env=environment, capture_output=True, text=True, check=True)

    assert "polar-mock" in done.stdout
