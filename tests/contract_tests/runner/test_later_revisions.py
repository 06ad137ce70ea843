"""The bundled mock in every later revision with a document of its own: the table, the scenarios and the webhooks find nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from polar_contract import default_revision, revisions
from tests.contract_tests.running import run_contract

OF_THEIR_OWN = [one.revision for one in revisions() if one.revision == one.folder != default_revision()]
SUITES = ("--only", "core", "--only", "scenarios", "--only", "webhooks")


@pytest.mark.parametrize("revision", OF_THEIR_OWN)
def test_when_the_mock_keeps_a_later_revision_then_nothing_is_found(revision: str, tmp_path: Path) -> None:
    done = run_contract(tmp_path, "--revision", revision, *SUITES)

    assert (done.exit_code, done.findings()) == (0, []), done.output
