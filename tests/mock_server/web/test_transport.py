"""Headers to the letter: odd and repeated ones of a request, and those of refusals, redirects and answers to browsers."""

from __future__ import annotations

import pytest

from tests.mock_server.web.conftest import Api


def test_when_a_request_is_redirected_then_the_empty_answer_names_no_type(api: Api) -> None:
    answer = api.send("GET", "/v1/customer-portal/orders")

    assert (answer.status_code, answer.data) == (307, b"")
    assert "Content-Type" not in answer.headers


class GivenATokenInTheHeader:
    @pytest.mark.parametrize("written", ["Bearer ", "Bearer \xe9{}", ""])
    def test_when_nothing_readable_follows_the_scheme_then_there_is_no_token(self, api: Api, written: str) -> None:
        header = written.format(api.world["tokens"]["customer"])

        answer = api.send("GET", api.order("paid"), headers={"Authorization": header})

        assert (answer.status_code, answer.json) == (401, {"error": "Unauthorized", "detail": "Unauthorized"})

    def test_when_it_is_unknown_then_the_answer_has_the_oauth_form_and_is_not_cached(self, api: Api) -> None:
        answer = api.send("GET", api.order("paid"), token="polar_cst_wrong")

        sentence = "The access token provided is expired, revoked, malformed, or invalid for other reasons."
        assert answer.data.decode() == f'{{"error": "invalid_token", "error_description": "{sentence}"}}'
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Pragma"] == "no-cache"
        assert answer.headers["WWW-Authenticate"].endswith(f'error="invalid_token", error_description="{sentence}"')

    def test_when_it_lacks_the_scope_then_the_challenge_names_the_web_clients_scopes_too(self, api: Api) -> None:
        answer = api.send("POST", f"{api.org_order('paid')}/invoice", token="oat_write")

        assert 'scope="web:read web:write orders:read"' in answer.headers["WWW-Authenticate"]


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
        asked = {"Origin": "https://shop.example.com", "Access-Control-Request-Method": method}
        if headers:
            asked["Access-Control-Request-Headers"] = headers

        answer = api.send("OPTIONS", api.order("paid"), token="polar_cst_wrong", headers=asked)

        assert (answer.status_code, answer.text) == (status, text)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Max-Age"] == "600"
        assert answer.mimetype == "text/plain"

    def test_when_no_browser_calls_then_nothing_is_said_of_origins(self, api: Api) -> None:
        answer = api.send("GET", api.order("paid"), token="customer")

        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]
