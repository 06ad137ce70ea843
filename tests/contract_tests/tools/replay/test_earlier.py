"""Recordings from before a document was completed: what they may lack, and what is still found in them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.tools.replay.checking import OfflineVerdict, check_files
from contract_tests.tools.replay.earlier import LaterField, later_fields
from mock_server.assembly import Settings, assemble
from polar_contract import load_contract
from tests.mock_server.web.conftest import ACME, Api, world_of

REVISION = "2026-04"
ENDPOINT = {"url": "https://example.com/hook", "events": ["order.updated"]}
LATER = ("start_timestamp", "end_timestamp", "api_version", "uses_standard_webhook_signature")


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """Answers of today by the path that was read."""
    api: Api = world_of(assemble(Settings()), {**ACME, "revision": REVISION, "webhook_endpoints": {"app": ENDPOINT}})
    paths = ("/v1/orders/", "/v1/webhooks/endpoints")
    return {path: api.send("GET", path, token="oat").json for path in paths}


def without(value: Any, names: tuple[str, ...]) -> Any:
    """The value without these fields, at any depth."""
    if isinstance(value, dict):
        return {name: without(part, names) for name, part in value.items() if name not in names}
    return [without(part, names) for part in value] if isinstance(value, list) else value


def checked(folder: Path, answers: dict[str, Any], **request_headers: str) -> OfflineVerdict:
    steps = [
        {
            "do": "request",
            "name": path,
            "request": {"method": "GET", "path": path, "headers": {"Authorization": "Bearer x", **request_headers}},
            "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": body},
        }
        for path, body in answers.items()
    ]
    file = folder / "recording.json"
    file.write_text(json.dumps({"steps": steps}))
    return check_files([file], load_contract(REVISION))


class GivenARecording:
    def test_when_it_is_of_today_then_nothing_is_found_or_known(self, answers: dict[str, Any], tmp_path: Path) -> None:
        verdict = checked(tmp_path, answers)

        assert ([str(one) for one in verdict.findings], dict(verdict.known), verdict.checked) == ([], {}, 2)

    def test_when_it_has_none_of_the_later_fields_then_these_are_known(
        self, answers: dict[str, Any], tmp_path: Path
    ) -> None:
        verdict = checked(tmp_path, without(answers, LATER))

        assert [str(one) for one in verdict.findings] == []
        assert set(verdict.known) == set(LATER)
        assert verdict.known["api_version"] == 1

    @pytest.mark.parametrize("name", LATER)
    def test_when_it_lacks_only_one_of_them_then_that_is_found(
        self, answers: dict[str, Any], tmp_path: Path, name: str
    ) -> None:
        verdict = checked(tmp_path, without(answers, (name,)))

        assert {one.finding.rule.id for one in verdict.findings} == {"body.schema"}
        assert all(f'"{name}" is a required property' in str(one) for one in verdict.findings)

    @pytest.mark.parametrize("name", ["units", "receipt_number"])
    def test_when_it_lacks_another_field_too_then_that_is_found(
        self, answers: dict[str, Any], tmp_path: Path, name: str
    ) -> None:
        verdict = checked(tmp_path, without(answers, (*LATER, name)))

        assert any(f'"{name}" is a required property' in str(one) for one in verdict.findings)

    def test_when_a_request_names_another_version_then_its_answer_is_not_judged(
        self, answers: dict[str, Any], tmp_path: Path
    ) -> None:
        verdict = checked(tmp_path, without(answers, ("units",)), **{"Polar-Version": "1999-01"})

        assert (verdict.findings, verdict.checked, verdict.outside) == ([], 0, 2)


class GivenAHarDocument:
    @pytest.mark.parametrize(("day", "is_known"), [("2026-08-22", True), ("2026-10-02", False)])
    def test_then_the_day_of_its_requests_decides(
        self, answers: dict[str, Any], tmp_path: Path, day: str, is_known: bool
    ) -> None:
        headers = [
            {"name": name, "value": value}
            for name, value in (("content-type", "application/json"), ("cache-control", "private, no-store"))
        ]
        entries = [
            {
                "startedDateTime": f"{day}T00:00:00.000Z",
                "request": {"method": "GET", "url": f"https://example.com{path}", "headers": []},
                "response": {"status": 200, "headers": headers, "content": {"text": json.dumps(body)}},
            }
            for path, body in without(copy.deepcopy(answers), LATER).items()
        ]
        file = tmp_path / "app.har"
        file.write_text(json.dumps({"log": {"entries": entries}}))

        verdict = check_files([file], load_contract(REVISION))

        assert (verdict.findings == [], bool(verdict.known)) == (is_known, is_known)


@pytest.mark.parametrize("one", later_fields(), ids=str)
def test_a_later_field_is_required_by_the_document_and_stands_for_a_day(one: LaterField) -> None:
    document: Any = load_contract(REVISION).published

    assert one.name in document["components"]["schemas"][one.schema]["required"]
    assert one.before.isoformat() == "2026-09-28"
