"""Every text of the page on troubleshooting is a part of a message of the tools."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT

_ROW = re.compile(r"^\| `([^`]+)`", re.MULTILINE)
TEXTS = _ROW.findall((ROOT / "docs/troubleshooting.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def messages() -> str:
    """The source of everything that says something to a user."""
    folders = ("mock_server", "contract_tests", "polar_contract", "pytest_polar", "spec")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*") if file.suffix in (".py", ".yaml")]
    return "\n".join(map(_text, files))


def _text(file: Path) -> str:
    return file.read_text("utf-8")


@pytest.mark.parametrize("text", TEXTS)
def test_when_the_page_quotes_a_text_then_a_tool_says_it(messages: str, text: str) -> None:
    assert text in messages


def test_the_page_has_texts_of_every_tool() -> None:
    assert len(TEXTS) > 30
