"""docs/faults.md is true: its command blocks run and print what it says, and its table of named sets is the data's."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from mock_server.cli.faults import read_faults_at_start
from mock_server.documents.fault_sets import list_fault_sets
from mock_server.documents.faults import CALL_KEYS
from mock_server.domain.faults import Connection, WebhookFault
from mock_server.testing import RunningMock, running_mock
from tests.docs.blocks import ROOT, Block, blocks, commands, run

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


@pytest.fixture(scope="module")
def mock() -> Iterator[RunningMock]:
    with running_mock() as mock:
        yield mock


# What the blocks print, in their order.
_PRINTED: list[list[str]] = [
    ["500 Internal Server Error", "202 Accepted", '"ran":[{"kind":"generate_invoice"', '"matched":2,"struck":1'],
    [
        *(
            "HTTP/1.1 404",
            "InvoiceDoesNotExist",
            "HTTP/1.1 503",
            '{"maintenance":true}',
            "HTTP/1.1 429",
            "retry-after: 60",
        ),
        *(
            "HTTP/1.1 200",
            "exit code 56",
            "HTTP/1.1 200",
            "exit code 18",
            "HTTP/1.1 200",
            "HTTP/1.1 200",
            "exit code 28",
        ),
        *("HTTP/1.1 401", "invalid_token"),
    ],
    ['"fault":"late"', '"fault":"lost"'],
    ["flaky-network", '{"items":[{"id":"fault-1","set":"deploy-restart"', '{"id":"fault-1","set":"deploy-restart"'],
    ['"set":"invoice-fails"', '"set":"webhooks-twice"', '"latency":250'],
]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page speaks in curl")
@pytest.mark.parametrize(("block", "printed"), list(zip(commands(_PAGE), _PRINTED, strict=True)))
def test_each_block_runs_as_it_stands_and_prints_what_the_page_says(
    block: Block, printed: list[str], mock: RunningMock, tmp_path: Path
) -> None:
    done = run(block, mock.base_url, tmp_path)

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    rest = done.stdout
    for text in printed:
        before, found, rest = rest.partition(text)
        assert found, f"{text!r} does not follow in:\n{before}"
