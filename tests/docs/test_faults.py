"""docs/faults.md is true: its table of named sets is the data's, and its story ends with one invoice after a 500."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from mock_server.cli.faults import read_faults_at_start
from mock_server.documents.fault_sets import list_fault_sets
from mock_server.documents.faults import CALL_KEYS
from mock_server.domain.faults import Connection, WebhookFault
from mock_server.testing import running_mock
from tests.docs.blocks import ROOT, blocks, commands, run

_PAGE = "docs/faults.md"
_TEXT = (ROOT / _PAGE).read_text()


def test_the_table_of_named_sets_is_that_of_the_data() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.*) \|$", _TEXT.partition("## Named sets")[2].partition("## Calls")[0], re.M)

    assert rows == [(one.name, one.sentence) for one in list_fault_sets()]


def test_the_page_names_every_key_and_every_kind() -> None:
    named = set(re.findall(r"`(\w+)`", _TEXT))

    assert {*CALL_KEYS, *Connection, *WebhookFault} <= named


def test_a_file_of_the_page_is_one_that_serve_reads(tmp_path: Path) -> None:
    (block,) = [block for block in blocks(_PAGE) if block.language == "yaml"]
    (tmp_path / "faults.yaml").write_text(block.text)

    read = read_faults_at_start([str(tmp_path / "faults.yaml")])

    assert [rule for _, rule in read] == yaml.safe_load(block.text)["faults"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the pages speak in curl")
def test_each_kind_of_fault_is_seen_as_the_page_says(tmp_path: Path) -> None:
    story, kinds, webhooks = commands(_PAGE)[:3]
    with running_mock() as mock:
        first, every, hooks = (run(block, mock.base_url, tmp_path).stdout for block in (story, kinds, webhooks))

    assert "500 Internal Server Error" in first
    assert first.count("202 Accepted") == 1
    assert first.count('"kind":"generate_invoice"') == 1
    assert '"matched":2,"struck":1' in first
    assert re.findall(r"exit code (\d+)", every) == ["22", "22", "22", "56", "18", "28", "22"]
    assert re.findall(r"^HTTP/1.1 (\d+)", every, re.M) == ["404", "503", "429", "200", "200", "200", "200", "401"]
    assert '"fault":"lost"' in hooks
    assert '"fault":"late"' in hooks
