"""Find the command blocks of a page, and run them as a reader would, against a server on another port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


class Block(NamedTuple):
    language: str
    text: str

    @property
    def is_make(self) -> bool:
        return self.text.lstrip().startswith("make ")


def blocks(page: str) -> list[Block]:
    return [Block(*found) for found in _FENCE.findall((ROOT / page).read_text())]


def commands(page: str) -> list[Block]:
    """Blocks that a reader types, without those that set up and run everything."""
    return [block for block in blocks(page) if block.language == "sh" and not block.is_make]


def run(block: Block, base_url: str, folder: Path, code: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a block in a folder, with the packages of the checkout `code`. Each command has to succeed, and so has each HTTP request."""
    text = block.text.replace("http://127.0.0.1:8000", base_url).replace(
        ".venv/bin/", f"{Path(sys.executable).parent}/"
    )
    text = text.replace("curl ", "curl --fail-with-body ")
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )
