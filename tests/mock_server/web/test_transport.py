"""Routes, methods, redirects, cross-origin answers and content types, as the service gives them."""

from __future__ import annotations

import pytest

from tests.mock_server.web.conftest import Api

ORDERS = "/v1/customer-portal/orders"
SHOP = {"Origin": "https://shop.example.com"}


class GivenAWrongMethod:
    @pytest.mark.parametrize(
        ("method", "tail", "allow"),
        [
            ("PUT", "", "GET"),
            ("DELETE", "", "GET"),
            ("PATCH", "/invoice", "POST"),
            ("POST", "/payment-status", "GET"),
            ("TRACE", "", "GET"),
            ("BREW", "", "GET"),
            ("OPTIONS", "", "GET"),
        ],
    )
    def test_then_only_the_first_route_of_the_path_is_allowed(
        self, api: Api, method: str, tail: str, allow: str
    ) -> None:
        answer = api.send(method, api.order("paid") + tail, token="customer")

        assert (answer.status_code, answer.json) == (405, {"detail": "Method Not Allowed"})
        assert answer.headers["Allow"] == allow

    def test_when_it_is_head_then_it_is_refused_without_a_body(self, api: Api) -> None:
        answer = api.send("HEAD", api.order("paid"), token="customer")

        assert (answer.status_code, answer.data) == (405, b"")


class GivenASlashTooFewOrTooMany:
    @pytest.mark.parametrize(
        ("path", "location"),
        [
            (ORDERS, f"{ORDERS}/"),
            (f"{ORDERS}?page=2", f"{ORDERS}/?page=2"),
            ("/v1/webhooks/endpoints/", "/v1/webhooks/endpoints"),
            (f"{ORDERS}/3fa85f64-5717-4562-b3fc-2c963f66afa6/", f"{ORDERS}/3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        ],
    )
    def test_then_it_is_redirected_with_its_query_and_without_a_body(self, api: Api, path: str, location: str) -> None:
        answer = api.send("GET", path)

        assert (answer.status_code, answer.data) == (307, b"")
        assert answer.headers["Location"] == f"http://localhost{location}"
        assert "Content-Type" not in answer.headers

    @pytest.mark.parametrize("path", [f"{ORDERS}//", "//", "///", "/v1//orders/", "//v1/orders/"])
    def test_when_there_are_two_in_a_row_then_the_route_is_unknown(self, api: Api, path: str) -> None:
        answer = api.send("GET", path, token="customer")

        assert (answer.status_code, answer.json) == (404, {"detail": "Not Found"})


class GivenAHeaderThatWasSentTwice:
    """WSGI joins the lines by commas, with blanks or without; the first line counts. Source: observed on the service."""

    @pytest.mark.parametrize("comma", [",", ", "])
    @pytest.mark.parametrize(
        ("lines", "status", "error"),
        [
            (["Bearer {good}", "Bearer polar_cst_wrong"], 200, None),
            (["Bearer {good}", "Basic x"], 200, None),
            (["Bearer {good}", ""], 200, None),
            (["Bearer {good}", "nonsense", "Bearer {good}"], 200, None),
            (["Bearer polar_cst_wrong", "Bearer {good}"], 401, "invalid_token"),
            (["Basic x", "Bearer {good}"], 401, "Unauthorized"),
            (["", "Bearer {good}"], 401, "Unauthorized"),
        ],
    )
    def test_when_it_names_the_caller_then_the_first_token_counts(
        self, api: Api, comma: str, lines: list[str], status: int, error: str | None
    ) -> None:
        header = comma.join(lines).format(good=api.world["tokens"]["customer"])

        answer = api.send("GET", api.order("paid"), headers={"Authorization": header})

        assert answer.status_code == status
        assert answer.json.get("error") == error

    def test_when_it_names_the_host_then_links_lead_to_the_first(self, api: Api) -> None:
        path = "/v1/customer-portal/orders"

        answer = api.send("GET", path, environ_overrides={"HTTP_HOST": "localhost:1234,two.example"})

        assert answer.headers["Location"] == f"http://localhost:1234{path}/"

    def test_when_a_browser_asks_beforehand_then_the_first_method_counts(self, api: Api) -> None:
        wanted = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET,BREW"}

        assert api.send("OPTIONS", "/v1/orders/", headers=wanted).status_code == 200


class GivenTheOldRoot:
    def test_then_it_answers_the_same_and_says_that_it_has_moved(self, api: Api) -> None:
        answer = api.send("GET", "/api" + api.order("paid"), token="customer")

        assert answer.status_code == 200
        assert answer.headers["X-Polar-Deprecation-Notice"].startswith("The API root has moved from /api/v1 to /v1.")


class GivenABrowser:
    @pytest.mark.parametrize(
        ("method", "headers", "status", "text"),
        [
            ("PATCH", "authorization,content-type", 200, "OK"),
            ("GET", "", 200, "OK"),
            ("PATCH", "x-custom", 400, "Disallowed CORS headers"),
            ("BREW", "", 400, "Disallowed CORS method"),
            ("BREW", "x-custom", 400, "Disallowed CORS method, headers"),
        ],
    )
    def test_when_it_asks_beforehand_then_the_answer_says_what_any_origin_may_do(
        self, api: Api, method: str, headers: str, status: int, text: str
    ) -> None:
        asked = {**SHOP, "Access-Control-Request-Method": method}
        if headers:
            asked["Access-Control-Request-Headers"] = headers

        answer = api.send("OPTIONS", api.order("paid"), token="polar_cst_wrong", headers=asked)

        assert (answer.status_code, answer.text) == (status, text)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Max-Age"] == "600"
        assert answer.mimetype == "text/plain"

    @pytest.mark.parametrize(("path", "status"), [("/v1/nothing", 404), (ORDERS, 307), (f"{ORDERS}/", 401)])
    def test_when_it_calls_then_every_answer_may_be_read(self, api: Api, path: str, status: int) -> None:
        answer = api.send("GET", path, headers=SHOP)

        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*"

    def test_when_no_browser_calls_then_nothing_is_said_of_origins(self, api: Api) -> None:
        answer = api.send("GET", api.order("paid"), token="customer")

        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]


class GivenAHostileBody:
    def test_when_it_is_larger_than_the_limit_then_it_is_refused(self, api: Api) -> None:
        answer = api.send(
            "PATCH", api.order("paid"), token="customer", body=b"x" * 10_000_000, content_type="application/json"
        )

        assert answer.status_code == 413
        assert answer.json is not None
        assert answer.json["error"] == "RequestBodyTooLarge"

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"[" * 10_000 + b"]" * 10_000, 400),
            (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
            (b'{"billing_name": "\xff"}', 400),
            (b'{"billing_name": NaN}', 422),
            (b'{"billing_name": "\\u0000"}', 422),
            (b'{"billing_name": "\\ud800"}', 422),
            (b'{"billing_address": {"country": null}}', 422),
            (b'{"billing_address": {"country": 12}}', 422),
            (b"1" * 5000, 400),
        ],
    )
    def test_when_it_is_broken_in_any_way_then_it_is_refused_and_never_a_server_error(
        self, api: Api, body: bytes, status: int
    ) -> None:
        answer = api.send("PATCH", api.order("paid"), token="customer", body=body, content_type="application/json")

        assert answer.status_code == status

    def test_when_the_operation_takes_none_then_it_is_ignored(self, api: Api) -> None:
        answer = api.send(
            "POST", f"{api.order('paid')}/invoice", token="customer", body=b"{not json", content_type="application/json"
        )

        assert (answer.status_code, answer.data) == (202, b"null")
        assert answer.mimetype == "application/json"
