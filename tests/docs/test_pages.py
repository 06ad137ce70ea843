"""Every command block in README and docs runs; every file that the pages name exists."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from contract_tests.config.settings import CHECKS
from mock_server.documents.extending import read_world_document
from mock_server.documents.parsing import parse_world_document
from mock_server.documents.schema import WorldDocument
from mock_server.testing import RunningMock, running_mock
from tests.docs.blocks import ROOT, Block, blocks, commands, run
from tests.mock_server.documents.worlds import seeded

ALL_CHECKS = ".venv/bin/polar-contract run\n"
PAGES = [
    *("README.md", "docs/worlds.md", "docs/reports.md", "docs/capture.md", "docs/compare.md", "docs/live.md"),
    *("docs/adding-a-revision.md", "docs/api.md", "docs/changes.md", "docs/drift.md", "docs/compat.md"),
    *("docs/control-api.md", "docs/journal.md", "docs/troubleshooting.md", "docs/testing.md", "docs/pipelines.md"),
    *("docs/frontend.md", "docs/page.md"),
]
LINKED = [
    *(*PAGES, "docs/faults.md", "docs/fidelity.md", "docs/performance.md", "docs/sdks.md"),
    *("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
]
CASES = [
    pytest.param(page, block, id=f"{page}-{i}")
    for page in PAGES
    for i, block in enumerate(commands(page))
    if block.text != ALL_CHECKS
]


@pytest.fixture(scope="module")
def mock() -> Iterator[RunningMock]:
    with running_mock() as mock:
        yield mock


@pytest.mark.skipif(shutil.which("curl") is None, reason="the pages speak in curl")
@pytest.mark.parametrize(("page", "block"), CASES)
def test_a_command_block_runs_as_it_stands(page: str, block: Block, mock: RunningMock, tmp_path: Path) -> None:
    done = run(block, mock.base_url, tmp_path)

    assert done.returncode == 0, f"{page}: {block.text}\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def run_of_all_checks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the README's command ran all checks on the mock."""
    folder = tmp_path_factory.mktemp("all-checks")
    (block,) = [block for block in commands("README.md") if block.text == ALL_CHECKS]
    done = run(block, "", folder)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "no violations of the contract found" in done.stdout
    return folder


def test_the_readmes_run_makes_checks_of_every_kind_on_the_mock_and_reaches_every_documented_response(
    run_of_all_checks: Path,
) -> None:
    suites = ElementTree.parse(run_of_all_checks / "reports/junit.xml").getroot()
    passed = Counter({str(suite.get("name")): passed_in(suite) for suite in suites})
    summary = json.loads((run_of_all_checks / "reports/summary.json").read_text("utf-8"))

    assert [kind for kind in CHECKS if passed[kind] == 0] == []
    assert summary["unreached"] == []
    assert summary["counts"]["failed"] == 0


def passed_in(suite: ElementTree.Element) -> int:
    """The number of checks without failure, error or skip."""
    return sum(1 for case in suite.iter("testcase") if {child.tag for child in case} <= {"system-out", "properties"})


@pytest.mark.skipif(shutil.which("curl") is None, reason="the pages speak in curl")
def test_the_readmes_story_ends_with_a_pdf_and_its_event(tmp_path: Path) -> None:
    story = next(block for block in commands("README.md") if "invoice.pdf" in block.text)

    with running_mock() as fresh:
        done = run(story, fresh.base_url, tmp_path)

    assert "202 Accepted" in done.stdout
    assert (tmp_path / "invoice.pdf").read_bytes().startswith(b"%PDF-")
    assert '\\"is_invoice_generated\\":true' in done.stdout


def test_make_commands_name_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    named = {word for page in LINKED for word in re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / page).read_text(), re.M)}

    assert {"contract", "test", "mock"} <= named
    assert named <= targets


@pytest.mark.parametrize("block", [b for b in blocks("README.md") if b.language == "python"])
def test_python_blocks_are_python(block: Block) -> None:
    compile(block.text, "README.md", "exec")


def test_what_a_page_says_of_a_world_is_a_world_document() -> None:
    page = (ROOT / "docs/fidelity.md").read_text()
    named = re.findall(r"`((?:invoices|organization|rate_limits): [^`]+)`", page)

    assert len(named) >= 6
    assert all(parse_world_document(yaml.safe_load(text)) != WorldDocument() for text in named)


@pytest.mark.parametrize("block", [b for b in blocks("docs/worlds.md") if b.language in ("json", "yaml")])
def test_what_the_page_of_worlds_shows_makes_a_world(block: Block) -> None:
    document = read_world_document(yaml.safe_load(block.text), has_fresh_identity=True)

    assert seeded(document, seed=None).orders


@pytest.mark.parametrize("page", LINKED)
def test_links_and_files_that_a_page_names_exist(page: str) -> None:
    text = (ROOT / page).read_text()
    linked = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    files = re.findall(r"`((?:mock_server|contract_tests|polar_contract|docs|spec)/[\w./]+)`", text)

    assert [target for target in linked if not ((ROOT / page).parent / target).exists()] == []
    assert [file for file in files if not (ROOT / file).exists()] == []
