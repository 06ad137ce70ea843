"""Every command block of CONTRIBUTING.md runs in a copy of the checkout."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from mock_server.testing import free_port
from tests.docs.blocks import ROOT, Block, commands, run
from tests.tree import files

_PAGE = "CONTRIBUTING.md"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, with the running environment as `.venv`; one for all blocks, as for their reader."""
    copy = tmp_path_factory.mktemp("copied") / "checkout"
    for name in files():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    for compiled in {(ROOT / name).parent / "__pycache__" for name in files()}:
        if compiled.is_dir():
            shutil.copytree(compiled, copy / compiled.relative_to(ROOT))
    (copy / ".venv").symlink_to(Path(sys.prefix))
    return copy


@pytest.mark.parametrize("block", commands(_PAGE), ids=lambda block: block.text.split("\n")[0])
def test_a_command_block_runs_in_a_checkout(block: Block, checkout: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"

    done = run(block, nobody, checkout, code=checkout)

    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
