"""Recorded answers against the contract: all conform, and a planted defect is found whichever rule it breaks."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract_tests.recordings import RecordingsVerdict, judge_recordings, main
from polar_contract import load_contract

SHARED = Path(__file__).resolve().parents[3] / "shared" / "recordings" / "0.1.0"
JSON_TYPE = {"content-type": "application/json"}
ORDER = "/v1/customer-portal/orders/{order:paid}"


def exchange(method: str, path: str, status: int, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "do": "request",
        "name": f"{method} {path}",
        "request": {"method": method, "path": path, "headers": {}, "body": None},
        "response": {"status": status, "headers": JSON_TYPE if headers is None else headers, "body": body},
    }


def bodiless(method: str, path: str, status: int) -> dict[str, Any]:
    step = exchange(method, path, status, "", {})
    step["response"]["empty"] = True
    return step


INVALID_TOKEN = {"error": "invalid_token", "error_description": "it has expired"}
CHALLENGE = {**JSON_TYPE, "www-authenticate": 'Bearer realm="polar", error="invalid_token"'}
BAD_ID = {"type": "uuid_parsing", "loc": ["path", "id"], "msg": "no", "input": "abc"}
ENDPOINT = {
    "created_at": "2026-04-15T10:00:00Z",
    "modified_at": None,
    "id": "{endpoint:a}",
    "url": "https://example.com/hook",
    "name": None,
    "format": "raw",
    "secret": "polar_whs_x",
    "organization_id": "{org:a}",
    "events": ["order.updated"],
    "enabled": True,
    "hidden": 1,
}
HOOK = "/v1/webhooks/endpoints/{endpoint:a}"
CONFORMING = {
    "accepted": exchange("POST", f"{ORDER}/invoice", 202, None),
    "not paid": exchange("POST", f"{ORDER}/invoice", 422, {"error": "NotPaidOrder", "detail": "Order {order:paid}"}),
    "bad id": exchange(
        "POST", "/v1/customer-portal/orders/abc/invoice", 422, {"error": "RequestValidationError", "detail": [BAD_ID]}
    ),
    "no invoice": exchange("GET", f"{ORDER}/invoice?a=b", 404, {"error": "InvoiceDoesNotExist", "detail": "no"}),
    "expired": exchange("GET", ORDER, 401, INVALID_TOKEN, CHALLENGE),
    "endpoint": exchange("GET", HOOK, 200, ENDPOINT),
    "deleted": bodiless("DELETE", HOOK, 204),
    "too many": bodiless("GET", ORDER, 429),
}
OUTSIDE = [
    exchange("GET", "/v1/nothing", 404, {"detail": "Not Found"}),
    exchange("PUT", ORDER, 405, {"detail": "Method Not Allowed"}),
    exchange("GET", "/v1/customer-portal/downloadables/", 200, {}),
]


def judged(folder: Path, *steps: dict[str, Any]) -> RecordingsVerdict:
    file = folder / "recording.json"
    file.write_text(json.dumps({"revision": "0.1.0", "steps": [{"do": "settle"}, *steps]}))
    return judge_recordings([file], load_contract("0.1.0"))


class GivenConformingAnswers:
    def test_when_judged_then_nothing_is_found_and_other_routes_are_only_counted(self, tmp_path: Path) -> None:
        verdict = judged(tmp_path, *CONFORMING.values(), *OUTSIDE)

        assert verdict == RecordingsVerdict(findings=(), judged=len(CONFORMING), outside=len(OUTSIDE))


class GivenAPlantedDefect:
    @pytest.mark.parametrize(
        ("kind", "place", "value"),
        [
            ("accepted", ("status",), 201),
            ("accepted", ("status",), 500),
            ("accepted", ("body",), {"id": 1}),
            ("accepted", ("headers",), {"content-type": "text/html"}),
            ("accepted", ("headers",), {}),
            ("accepted", ("empty",), True),
            ("not paid", ("body", "error"), "NotPaid"),
            ("not paid", ("body", "detail"), None),
            ("bad id", ("body", "detail"), []),
            ("bad id", ("body", "detail", 0, "loc"), "path.id"),
            ("no invoice", ("body", "error"), "NotFound"),
            ("expired", ("headers",), JSON_TYPE),
            ("expired", ("body", "error"), "expired"),
            ("endpoint", ("body", "id"), "{nd:a}"),
            ("endpoint", ("body", "created_at"), "yesterday"),
            ("endpoint", ("body", "events"), ["order.lost"]),
            ("endpoint", ("body", "enabled"), "yes"),
            ("deleted", ("empty",), False),
        ],
    )
    def test_when_judged_then_it_is_found_and_named(
        self, tmp_path: Path, kind: str, place: tuple[str | int, ...], value: Any
    ) -> None:
        step = copy.deepcopy(CONFORMING[kind])
        node: Any = step["response"]
        for part in place[:-1]:
            node = node[part]
        node[place[-1]] = value

        verdict = judged(tmp_path, step)

        assert verdict.findings
        assert {finding.recording for finding in verdict.findings} == {f"recording.json: {step['name']}"}


class GivenTheCommand:
    @pytest.mark.parametrize(
        ("steps", "code", "words"),
        [
            ([CONFORMING["accepted"]], 0, "1 answers judged, 0 outside the contract, 0 findings"),
            (
                [exchange("POST", f"{ORDER}/invoice", 200, None)],
                1,
                "customer_portal:orders:generate_invoice answered 200",
            ),
            (OUTSIDE, 2, "no answer of an operation"),
            ([{"do": "request", "response": {}}], 2, "lacks its method, path or status"),
        ],
    )
    def test_when_run_on_a_folder_then_its_exit_code_tells_the_verdict(
        self, tmp_path: Path, steps: list[dict[str, Any]], code: int, words: str
    ) -> None:
        (tmp_path / "recording.json").write_text(json.dumps({"steps": steps}))

        result = CliRunner().invoke(main, [str(tmp_path)])

        assert (result.exit_code, words in result.output) == (code, True), result.output

    @pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"steps": {}}'])
    def test_when_a_file_is_no_recording_then_a_sentence_names_it(self, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "recording.json"
        file.write_bytes(content)

        result = CliRunner().invoke(main, [str(file)])

        assert (result.exit_code, str(file) in result.output) == (2, True), result.output


@pytest.mark.skipif(not SHARED.exists(), reason="the recordings of the service lie outside the repository")
class GivenTheRecordingsOfTheService:
    def test_when_judged_then_every_answer_conforms_to_law_and_overlay(self) -> None:
        verdict = judge_recordings(sorted(SHARED.glob("*.json")), load_contract("0.1.0"))

        assert [str(finding) for finding in verdict.findings] == []
        assert verdict.judged > 250
