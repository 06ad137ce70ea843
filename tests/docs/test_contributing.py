"""Every command block of CONTRIBUTING.md runs in a copy of the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mock_server.testing import free_port
from tests.docs.blocks import ROOT, Block, commands, run

_PAGE = "CONTRIBUTING.md"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the files that git has or would add, with the running environment as `.venv`."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    copy = tmp_path / "checkout"
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(Path(sys.prefix))
    return copy


@pytest.mark.parametrize("block", commands(_PAGE), ids=lambda block: block.text.split("\n")[0])
def test_a_command_block_runs_in_a_checkout(block: Block, checkout: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"

    done = run(block, nobody, checkout, code=checkout)

    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
