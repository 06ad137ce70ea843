"""A revision that is only data: the contract tests judge a server by the document and the rules of the revision they are given."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contract_tests.checks.rules import Rule
from mock_server.testing import RunningMock, running_mock
from polar_contract.documents import SPEC_VARIABLE
from tests.contract_tests.running import RunResult, run_contract
from tests.made_up_revision import (
    MADE_UP,
    NEW_PATH,
    OLD_PATH,
    add_revision,
    change_rules,
    change_text,
    copy_spec,
    write_made_up_spec,
)

VERSION_HEADER = "Polar-Version"
CORE = ("--only", "core", "--revision", MADE_UP)


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = write_made_up_spec(tmp_path_factory.mktemp("made-up"))
    change_rules(spec / MADE_UP / "behaviour.yaml", {"request.version_header": VERSION_HEADER})
    return spec


@pytest.fixture(scope="module")
def same_name_other_rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMock]:
    """A mock whose revision of this name has the rules of 0.1.0, and the path of the made-up one."""
    spec = copy_spec(tmp_path_factory.mktemp("other"))
    change_text(add_revision(spec, MADE_UP) / "openapi.yaml", f"{OLD_PATH}:\n", f"{NEW_PATH}:\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SPEC_VARIABLE, str(spec))
        with running_mock(revision=MADE_UP) as mock:
            yield mock


def test_when_a_server_has_the_rules_of_its_revision_then_nothing_is_found(spec: Path, tmp_path: Path) -> None:
    done = run_contract(
        tmp_path, *CORE, "--only", "model", "--max-examples", "2", environment={SPEC_VARIABLE: str(spec)}
    )

    assert (done.exit_code, done.findings()) == (0, []), done.output
    sent = requests_in(done)
    assert any(urlsplit(url).path.endswith("/payment") for url, _ in sent), "the operation has the path of its document"
    named = Counter(headers.get(VERSION_HEADER.lower()) for _, headers in sent)
    assert named.most_common(1)[0][0] == MADE_UP, "only the checks of versions name others"


def requests_in(done: RunResult) -> list[tuple[str, dict[str, str]]]:
    """URL and headers, by lower-case name, of every request that the run sent."""
    log = json.loads((done.reports / "exchanges.har").read_text("utf-8"))["log"]
    requests = [entry["request"] for entry in log["entries"]]
    return [(one["url"], {header["name"].lower(): header["value"] for header in one["headers"]}) for one in requests]


def test_when_a_server_has_the_rules_of_another_revision_then_each_difference_is_found(
    spec: Path, same_name_other_rules: RunningMock, tmp_path: Path
) -> None:
    target = ("--base-url", same_name_other_rules.base_url)
    done = run_contract(tmp_path, *CORE, "--max-requests", "500", *target, environment={SPEC_VARIABLE: str(spec)})

    found = set(done.findings())
    assert done.exit_code == 1, done.output
    assert (Rule.UNEXPECTED, "customer_portal:orders:generate_invoice") in found, "an unpaid order is refused"
    assert (Rule.ERROR_TEXT, "customer_portal:orders:generate_invoice") in found, "the refusal of a void order"
