"""Recordings of the service: its answers have no findings, and a defect planted into an answer is found."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.tools.replay.checking import OfflineVerdict, check_files
from polar_contract import load_contract

SHARED = Path(__file__).resolve().parents[5] / "shared" / "recordings"
JSON_TYPE = {"content-type": "application/json"}
REALM = 'Bearer realm="polar"'
ORDERS = "/v1/customer-portal/orders"
PAID, PENDING, OTHER = f"{ORDERS}/{{order:paid}}", f"{ORDERS}/{{order:pending}}", f"{ORDERS}/{{order:other}}"
HOOK = "/v1/webhooks/endpoints/{endpoint:a}"
UNKNOWN = f"{ORDERS}/3fa85f64-5717-4562-b3fc-2c963f66afa6"
ADDRESS = {"line1": None, "line2": None, "postal_code": None, "city": None, "state": None, "country": "FR"}
BILLED = {"customer": "main", "billing_name": "Jane", "billing_address": ADDRESS}
WORLD = {
    "customers": {"main": {}, "other": {}, "team": {"members": {"plain": {"role": "member"}}}},
    "tokens": {
        "customer": {"kind": "customer_session", "customer": "main"},
        "expired": {"kind": "customer_session", "customer": "main", "expires_in_seconds": -60},
        "plain": {"kind": "member_session", "customer": "team", "member": "plain"},
        "oat": {"kind": "organization_access_token"},
        "hooks": {"kind": "organization_access_token", "scopes": ["webhooks:read"]},
    },
    "orders": {
        "paid": {**BILLED, "status": "paid"},
        "pending": {**BILLED, "status": "pending"},
        "nameless": {**BILLED, "status": "paid", "billing_name": None},
        "other": {**BILLED, "status": "paid", "customer": "other"},
    },
}
NOT_FOUND = {"error": "ResourceNotFound", "detail": "Not found"}
UNAUTHORIZED = {"error": "Unauthorized", "detail": "Unauthorized"}
INVALID_TOKEN = {
    "error": "invalid_token",
    "error_description": "The access token provided is expired, revoked, malformed, or invalid for other reasons.",
}
SCOPE = {
    "error": "insufficient_scope",
    "error_description": "The request requires higher privileges than provided by the access token.",
}
ROLE = {"error": "NotPermitted", "detail": "Only owners and billing managers can access billing features."}
CHALLENGE = {**JSON_TYPE, "www-authenticate": REALM}
BAD_TOKEN = {**JSON_TYPE, "www-authenticate": f'{REALM}, error="invalid_token", error_description="It has ended."'}
FEW_SCOPES = {**JSON_TYPE, "www-authenticate": f'{REALM}, scope="orders:read", error="insufficient_scope"'}
BAD_ID = {
    "type": "uuid_parsing",
    "loc": ["path", "id"],
    "msg": "Input should be a valid UUID",
    "input": "abc",
    "ctx": {"error": "invalid length: expected length 32 for simple format, found 3"},
}
NOT_PAID = {"error": "NotPaidOrder", "detail": "Order {order:pending} is not paid, so an invoice cannot be generated."}
NO_BILLING = {
    "error": "MissingInvoiceBillingDetails",
    "detail": "Billing name and address are required to generate an invoice for this order.",
}
NO_INVOICE = {"error": "InvoiceDoesNotExist", "detail": "No invoice exists for order {order:paid}."}
NO_NAME = "Expecting property name enclosed in double quotes"
BROKEN = {
    "type": "json_invalid",
    "loc": ["body", 1],
    "msg": "JSON decode error",
    "input": {},
    "ctx": {"error": NO_NAME},
}
PAGE = {"type": "greater_than", "loc": ["query", "page"], "msg": "no", "input": "0", "ctx": {"gt": 0}}


def asked(
    method: str, path: str, status: int, body: Any, token: str | None = "customer", **more: Any
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {{token:{token}}}"} if token else {}
    step: dict[str, Any] = {
        "do": "request",
        "name": f"{method} {path}",
        "request": {"method": method, "path": path, "headers": headers, "body": more.get("sent")},
        "response": {"status": status, "headers": more.get("headers", JSON_TYPE), "body": body},
    }
    if more.get("empty"):
        step["response"]["empty"] = True
    return step


def invalid(*items: dict[str, Any]) -> dict[str, Any]:
    return {"error": "RequestValidationError", "detail": list(items)}


EMPTY: dict[str, Any] = {"empty": True, "headers": {}}
CONFORMING = {
    "accepted": asked("POST", f"{PAID}/invoice", 202, None),
    "not paid": asked("POST", f"{PENDING}/invoice", 422, NOT_PAID),
    "no billing": asked("POST", f"{ORDERS}/{{order:nameless}}/invoice", 422, NO_BILLING),
    "bad id": asked("POST", f"{ORDERS}/abc/invoice", 422, invalid(BAD_ID)),
    "bad page": asked("GET", f"{ORDERS}/?page=0", 422, invalid(PAGE)),
    "broken body": asked("PATCH", PAID, 422, invalid(BROKEN), sent="{"),
    "no invoice": asked("GET", f"{PAID}/invoice?a=b", 404, NO_INVOICE),
    "another's": asked("POST", f"{OTHER}/invoice", 404, NOT_FOUND),
    "unknown": asked("GET", UNKNOWN, 404, NOT_FOUND),
    "nobody": asked("GET", PAID, 401, UNAUTHORIZED, token=None, headers=CHALLENGE),
    "wrong kind": asked("GET", PAID, 401, UNAUTHORIZED, token="oat", headers=CHALLENGE),
    "expired": asked("GET", PAID, 401, INVALID_TOKEN, token="expired", headers=BAD_TOKEN),
    "scope": asked("GET", "/v1/orders/", 403, SCOPE, token="hooks", headers=FEW_SCOPES),
    "role": asked("GET", PAID, 403, ROLE, token="plain"),
    "deleted": asked("DELETE", HOOK, 204, "", token="oat", **EMPTY),
    "too many": asked("GET", PAID, 429, "", headers={"retry-after": "60"}, empty=True),
    "past the end": asked(
        "GET", f"{ORDERS}/?page=2", 200, {"items": [], "pagination": {"total_count": 3, "max_page": 1}}
    ),
}
OUTSIDE = [
    asked("GET", "/v1/nothing", 404, {"detail": "Not Found"}),
    asked("PUT", PAID, 405, {"detail": "Method Not Allowed"}, headers={**JSON_TYPE, "allow": "GET"}),
    asked("GET", f"{ORDERS}?a=b", 307, "", headers={"location": f"http://x{ORDERS}/?a=b"}, empty=True),
]


def checked(folder: Path, *steps: dict[str, Any]) -> OfflineVerdict:
    file = folder / "recording.json"
    recording = {"revision": "0.1.0", "worlds": {"acme": WORLD}, "steps": [{"do": "settle"}, *steps]}
    file.write_text(json.dumps(recording))
    return check_files([file], load_contract("0.1.0"))


def changed(step: dict[str, Any], place: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    copied = copy.deepcopy(step)
    node: Any = copied["response"]
    for part in place[:-1]:
        node = node[part]
    node[place[-1]] = value
    return copied


class GivenConformingAnswers:
    def test_when_checked_then_nothing_is_found_and_other_routes_are_only_counted(self, tmp_path: Path) -> None:
        verdict = checked(tmp_path, *CONFORMING.values(), *OUTSIDE)

        assert [str(one) for one in verdict.findings] == []
        assert (verdict.checked, verdict.outside) == (len(CONFORMING), len(OUTSIDE))

    def test_when_an_order_is_created_between_requests_then_it_is_known_from_then_on(self, tmp_path: Path) -> None:
        made = {
            "do": "create",
            "kind": "orders",
            "world": "acme",
            "key": "late",
            "doc": {**BILLED, "status": "pending"},
        }
        path = f"{ORDERS}/{{order:late}}"

        verdict = checked(
            tmp_path, made, asked("GET", path, 404, NOT_FOUND), asked("POST", f"{path}/invoice", 202, None)
        )

        assert [one.finding.expected for one in verdict.findings] == ["200", "422 NotPaidOrder"]


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
            ("not paid", ("body",), NO_BILLING),
            ("not paid", ("body", "detail"), NOT_PAID["detail"].replace("pending", "paid")),
            ("no billing", ("body",), NOT_PAID),
            ("bad id", ("body", "detail"), []),
            ("bad id", ("body", "detail", 0, "loc"), "path.id"),
            ("bad id", ("body", "detail", 0, "loc"), ["body", "id"]),
            ("bad id", ("body", "detail", 0, "input"), "xyz"),
            ("bad id", ("body",), NOT_PAID),
            ("bad page", ("body", "detail", 0, "loc"), ["query", "limit"]),
            ("no invoice", ("body", "error"), "NotFound"),
            ("no invoice", ("body",), NOT_FOUND),
            ("another's", ("body",), NOT_PAID),
            ("unknown", ("body", "detail"), "No such order"),
            ("nobody", ("body",), INVALID_TOKEN),
            ("nobody", ("headers",), JSON_TYPE),
            ("wrong kind", ("body",), INVALID_TOKEN),
            ("expired", ("headers",), JSON_TYPE),
            ("expired", ("body", "error"), "expired"),
            ("expired", ("body",), UNAUTHORIZED),
            ("expired", ("body", "error_description"), "It has expired."),
            ("scope", ("body",), ROLE),
            ("role", ("body", "detail"), "No."),
            ("deleted", ("empty",), False),
            ("too many", ("headers",), {}),
            ("past the end", ("body", "pagination", "total_count"), 4),
            ("past the end", ("body", "pagination", "max_page"), 0),
        ],
    )
    def test_when_checked_then_it_is_found_and_named(
        self, tmp_path: Path, kind: str, place: tuple[str | int, ...], value: Any
    ) -> None:
        step = changed(CONFORMING[kind], place, value)

        verdict = checked(tmp_path, step)

        assert {finding.place for finding in verdict.findings} == {f"recording.json: {step['name']}"}

    @pytest.mark.parametrize(
        ("kind", "status", "body"),
        [
            ("not paid", 202, None),
            ("no billing", 202, None),
            ("another's", 202, None),
            ("accepted", 404, NOT_FOUND),
            ("bad id", 404, NOT_FOUND),
            ("nobody", 404, NOT_FOUND),
            ("expired", 404, NOT_FOUND),
            ("role", 404, NOT_FOUND),
            ("unknown", 422, invalid(BAD_ID)),
        ],
    )
    def test_when_another_answer_is_given_then_it_is_found(
        self, tmp_path: Path, kind: str, status: int, body: Any
    ) -> None:
        step = changed(changed(CONFORMING[kind], ("status",), status), ("body",), body)

        assert checked(tmp_path, step).findings

    @pytest.mark.parametrize(
        ("number", "place", "value"),
        [
            (0, ("status",), 200),
            (1, ("status",), 404),
            (1, ("headers",), {**JSON_TYPE, "allow": "GET, PATCH"}),
            (2, ("status",), 404),
            (2, ("headers",), {"location": f"http://x{ORDERS}/"}),
        ],
    )
    def test_when_it_is_the_routers_then_it_is_found_too(
        self, tmp_path: Path, number: int, place: tuple[str, ...], value: Any
    ) -> None:
        assert checked(tmp_path, changed(OUTSIDE[number], place, value)).findings


class GivenTheCommand:
    @pytest.mark.parametrize(
        ("steps", "code", "words"),
        [
            ([CONFORMING["accepted"]], 0, "1 file: 1 answer checked, 0 outside the contract's operations, 0 findings"),
            ([changed(CONFORMING["accepted"], ("status",), 200)], 1, "one of 202"),
            (OUTSIDE, 2, "No answer of an operation"),
            ([{"do": "request", "response": {}}], 2, "lacks its method, path or status"),
        ],
    )
    def test_when_run_on_a_folder_then_its_exit_code_is_the_verdict(
        self, tmp_path: Path, steps: list[dict[str, Any]], code: int, words: str
    ) -> None:
        recording = {"worlds": {"acme": WORLD}, "steps": steps}
        (tmp_path / "recording.json").write_text(json.dumps(recording))

        result = CliRunner().invoke(main, ["replay", str(tmp_path)])

        assert (result.exit_code, words in result.output) == (code, True), result.output

    @pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"steps": {}}', b'{"log": {}}', b"{}"])
    def test_when_a_file_contains_no_exchanges_then_a_message_names_it(self, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "recording.json"
        file.write_bytes(content)

        result = CliRunner().invoke(main, ["replay", str(file)])

        assert (result.exit_code, str(file) in result.output) == (2, True), result.output

    @pytest.mark.parametrize("arguments", [["nowhere.har"], ["--revision", "9.9", __file__]])
    def test_when_an_argument_is_wrong_then_a_message_says_so(self, arguments: list[str]) -> None:
        result = CliRunner().invoke(main, ["replay", *arguments])

        assert (result.exit_code, result.output.count("\n")) == (2, 1), result.output


@pytest.mark.skipif(not SHARED.exists(), reason="the recordings of the service lie outside the repository")
class GivenTheRecordingsOfTheService:
    @pytest.mark.parametrize("is_asked", [True, False])
    @pytest.mark.parametrize("revision", ["0.1.0", "2026-04"])
    def test_when_checked_then_every_answer_is_right(self, revision: str, is_asked: bool) -> None:
        contract = load_contract(revision) if is_asked else None
        verdict = check_files(sorted((SHARED / revision).glob("*.json")), contract)

        assert [str(finding) for finding in verdict.findings] == []
        assert verdict.checked > 300
        assert is_asked or f"judged by {revision}, " in verdict.judged_by
