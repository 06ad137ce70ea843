"""Fixtures of the tests of make targets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.fixture
def echo(tmp_path: Path) -> str:
    """A folder with a `polar-contract` that prints its arguments, one a line."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "polar-contract").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    (tools / "polar-contract").chmod(0o755)
    (tools / "dotenv").symlink_to(Path(sys.executable).parent / "dotenv")
    return str(tools)
