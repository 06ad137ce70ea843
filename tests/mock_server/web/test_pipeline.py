"""The order of checks: of two faults in one request, the earlier check answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.web.conftest import UNKNOWN_ID, Api

ORDERS = "/v1/customer-portal/orders"
BAD_ID = f"{ORDERS}/abc"
SCHEMA_FAULT = {"billing_name": 1}


class GivenTwoFaultsAtOnce:
    @pytest.mark.parametrize(
        ("method", "path", "more", "status", "error"),
        [
            ("GET", "/v1/nothing", {"token": "polar_cst_wrong"}, 401, "invalid_token"),
            ("GET", ORDERS, {"token": "expired"}, 401, "invalid_token"),
            ("DELETE", BAD_ID, {"token": "polar_cst_wrong"}, 401, "invalid_token"),
            ("GET", BAD_ID, {"token": "expired"}, 401, "invalid_token"),
            ("DELETE", BAD_ID, {}, 405, None),
            ("GET", "/v1/nothing", {}, 404, None),
            ("GET", ORDERS, {}, 307, None),
            ("PATCH", BAD_ID, {"body": b"{", "content_type": "application/json"}, 422, "RequestValidationError"),
            ("PATCH", BAD_ID, {"body": SCHEMA_FAULT}, 401, "Unauthorized"),
            ("PATCH", BAD_ID, {}, 401, "Unauthorized"),
            ("GET", BAD_ID, {"token": "oat"}, 401, "Unauthorized"),
            ("GET", f"{ORDERS}/?limit=0", {}, 401, "Unauthorized"),
            ("PATCH", BAD_ID, {"token": "read_only", "body": SCHEMA_FAULT}, 403, "insufficient_scope"),
            ("PATCH", "/v1/orders/abc", {"token": "oat_read", "body": SCHEMA_FAULT}, 403, "insufficient_scope"),
            (
                "PATCH",
                f"{ORDERS}/{UNKNOWN_ID}",
                {"token": "customer", "body": SCHEMA_FAULT},
                422,
                "RequestValidationError",
            ),
            ("GET", f"{ORDERS}/{UNKNOWN_ID}", {"token": "customer"}, 404, "ResourceNotFound"),
        ],
    )
    def test_then_the_earlier_one_answers(
        self, api: Api, method: str, path: str, more: dict[str, Any], status: int, error: str | None
    ) -> None:
        answer = api.send(method, path, **more)

        assert answer.status_code == status
        if error is not None:
            assert answer.json is not None
            assert answer.json["error"] == error

    @pytest.mark.parametrize("path", [BAD_ID, f"{ORDERS}/{UNKNOWN_ID}", f"{ORDERS}/?limit=0"])
    def test_when_the_caller_lacks_the_role_then_it_is_refused_before_anything_is_looked_at(
        self, team: Api, path: str
    ) -> None:
        answer = team.send("GET", path, token="plain")

        assert answer.status_code == 403
        assert answer.json == {
            "error": "NotPermitted",
            "detail": "Only owners and billing managers can access billing features.",
        }

    def test_when_id_and_body_are_wrong_then_both_are_reported_path_first(self, api: Api) -> None:
        answer = api.send("PATCH", BAD_ID, token="customer", body=SCHEMA_FAULT)

        assert answer.json is not None
        assert [item["loc"] for item in answer.json["detail"]] == [["path", "id"], ["body", "billing_name"]]


class GivenATokenInTheHeader:
    @pytest.mark.parametrize("written", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer   {}"])
    def test_when_the_scheme_is_bearer_in_any_case_then_it_counts(self, api: Api, written: str) -> None:
        header = written.format(api.world["tokens"]["customer"])

        assert api.send("GET", api.order("paid"), headers={"Authorization": header}).status_code == 200

    @pytest.mark.parametrize("written", ["Token {}", "{}", "Bearer", "Bearer ", "Basic {}", "Bearer \xe9{}", ""])
    def test_when_it_is_written_otherwise_then_there_is_no_token(self, api: Api, written: str) -> None:
        header = written.format(api.world["tokens"]["customer"])

        answer = api.send("GET", api.order("paid"), headers={"Authorization": header})

        assert (answer.status_code, answer.json) == (401, {"error": "Unauthorized", "detail": "Unauthorized"})
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="polar"'

    def test_when_it_is_unknown_then_the_answer_has_the_oauth_form_and_is_not_cached(self, api: Api) -> None:
        answer = api.send("GET", api.order("paid"), token="polar_cst_wrong")

        sentence = "The access token provided is expired, revoked, malformed, or invalid for other reasons."
        assert answer.data.decode() == f'{{"error": "invalid_token", "error_description": "{sentence}"}}'
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Pragma"] == "no-cache"
        assert answer.headers["WWW-Authenticate"].endswith(f'error="invalid_token", error_description="{sentence}"')

    def test_when_an_hour_has_passed_then_a_session_is_over(self, api: Api) -> None:
        api.in_world("PATCH", "/clock", {"advance_seconds": 3601})

        assert api.send("GET", api.order("paid"), token="customer").status_code == 401
        assert api.send("GET", api.org_order("paid"), token="oat").status_code == 200


class GivenScopes:
    def test_when_reading_is_allowed_then_asking_for_an_invoice_is_too(self, api: Api) -> None:
        assert api.send("POST", f"{api.org_order('paid')}/invoice", token="oat_read").status_code == 202
        assert api.send("POST", f"{api.order('paid')}/invoice", token="read_only").status_code == 202

    def test_when_only_writing_is_allowed_then_asking_for_an_invoice_is_not(self, api: Api) -> None:
        answer = api.send("POST", f"{api.org_order('paid')}/invoice", token="oat_write")

        assert answer.status_code == 403
        assert 'scope="web:read web:write orders:read"' in answer.headers["WWW-Authenticate"]


class GivenAnotherCustomersOrder:
    @pytest.mark.parametrize(
        ("method", "tail"),
        [("GET", ""), ("PATCH", ""), ("POST", "/invoice"), ("GET", "/invoice"), ("GET", "/payment-status")],
    )
    def test_then_it_looks_like_none_at_all(self, api: Api, method: str, tail: str) -> None:
        answer = api.send(method, api.order("foreign") + tail, token="customer", body={} if method == "PATCH" else None)

        assert (answer.status_code, answer.json) == (404, {"error": "ResourceNotFound", "detail": "Not found"})

    def test_when_the_organization_asks_then_it_sees_it(self, api: Api) -> None:
        assert api.send("GET", api.org_order("foreign"), token="oat").status_code == 200

    def test_when_another_organization_asks_then_it_does_not(self, api: Api, team: Api) -> None:
        answer = team.send("GET", api.org_order("paid"), token="oat")

        assert answer.status_code == 404
