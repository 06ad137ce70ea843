"""Which revision recorded answers are judged by: the one that they name, unless another one is asked for."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contract_tests.checks.rules import Rule
from contract_tests.cli import main
from contract_tests.reporting.har import har_of
from contract_tests.targets.control_api import Control
from contract_tests.tools.replay.checking import OfflineVerdict, check_files
from mock_server.testing import RunningMock
from polar_contract import load_contract
from tests.contract_tests.tools.replay.recording_client import recording_client

_KEPT, _PINNED = "2026-10", "2026-04"
LIST, RECEIPT, OLDER, REFUSED = range(4)


@pytest.fixture(scope="module")
def later(good_mock: RunningMock) -> dict[str, Any]:
    """Requests to a service of a later revision as a HAR document; one chooses an older version, one a version that never was."""
    contract = load_contract(_KEPT)
    client, ledger = recording_client(good_mock.base_url, contract)
    control = Control(good_mock.base_url, lambda *_: None, 10)
    world = control.create({"scenario": "today"})
    token, path = world.tokens["organization"], client.operations.by_id["orders:list"].url_path()
    client.send("orders:list", token=token)
    client.send("orders:receipt", token=token, object_id=world.ids["order:unpaid"])
    client.send_to("GET", path, token=token, headers={"Polar-Version": _PINNED})
    client.send_to("GET", path, token=token, headers={"Polar-Version": "1999-13"})
    world.delete()
    return json.loads(json.dumps(har_of(ledger.exchanges)))  # type: ignore[no-any-return]  # JSON written a moment ago


def written(folder: Path, document: dict[str, Any], name: str = "exchanges.har") -> Path:
    file = folder / name
    file.write_text(json.dumps(document))
    return file


def checked(folder: Path, document: dict[str, Any]) -> OfflineVerdict:
    return check_files([written(folder, document)])


def without_ids(document: dict[str, Any], number: int) -> dict[str, Any]:
    """The document in which the orders of one answer have no id."""
    copied = copy.deepcopy(document)
    content = copied["log"]["entries"][number]["response"]["content"]
    body = json.loads(content["text"])
    content["text"] = json.dumps({**body, "items": [{**one, "id": None} for one in body["items"]]})
    return copied


def replay(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["replay", *map(str, arguments)])


class GivenAnswersOfALaterRevision:
    def test_when_checked_then_they_are_judged_by_the_revision_that_they_name(
        self, later: dict[str, Any], tmp_path: Path
    ) -> None:
        verdict = checked(tmp_path, later)
        assert [str(one) for one in verdict.findings] == []
        assert (verdict.checked, verdict.outside) == (3, 1)
        assert f"judged by {_KEPT}, which most answers in exchanges.har name" in verdict.judged_by
        assert f"1 answer by {_PINNED}, which it names" in verdict.judged_by

    def test_when_an_earlier_revision_is_asked_for_then_they_break_it(
        self, later: dict[str, Any], tmp_path: Path
    ) -> None:
        file = written(tmp_path, later)
        done, forced = replay(file), replay(file, "--revision", "0.1.0")
        assert (done.exit_code, forced.exit_code) == (0, 1), done.output
        assert "revision: judged by" in done.output.splitlines()[-2]
        assert "revision: judged by" not in forced.output

    @pytest.mark.parametrize("number", [LIST, OLDER])
    def test_when_an_answer_is_wrong_then_it_is_found_in_whatever_version(
        self, later: dict[str, Any], tmp_path: Path, number: int
    ) -> None:
        verdict = checked(tmp_path, without_ids(later, number))
        assert {(one.place, one.finding.rule) for one in verdict.findings} == {
            (f"exchanges.har: entry {number + 1}", Rule.SHAPE)
        }

    def test_when_its_version_is_not_known_yet_then_the_latest_known_one_judges(
        self, later: dict[str, Any], tmp_path: Path
    ) -> None:
        document = json.loads(json.dumps(later).replace(f'"{_KEPT}"', '"2031-01"'))
        judged_by = checked(tmp_path, document).judged_by
        assert "judged by 2027-01, " in judged_by
        assert "2 answers of a version that is not known yet, by the latest known one" in judged_by


class GivenAnswersThatNameNoVersion:
    def test_when_checked_then_they_are_judged_by_the_revision_from_before_versions(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        verdict = checked(tmp_path, recorded)
        assert [str(one) for one in verdict.findings] == []
        assert "judged by 0.1.0, because most answers in exchanges.har name no version" in verdict.judged_by

    def test_when_checked_beside_answers_that_name_one_then_each_file_is_judged_by_its_own(
        self, recorded: dict[str, Any], later: dict[str, Any], tmp_path: Path
    ) -> None:
        verdict = check_files([written(tmp_path, recorded, "before.har"), written(tmp_path, later, "later.har")])
        assert [str(one) for one in verdict.findings] == []
        assert "0.1.0, because most answers in before.har name no version" in verdict.judged_by
        assert f"{_KEPT}, which most answers in later.har name" in verdict.judged_by
