"""From method and path to an operation, with the service's handling of wrong methods and slashes."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.contract.routes import Matched, MethodRefused, Redirected, RouteTable, RouteUnknown
from tests.mock_server.contract.requests import ORDER_ID, any_text

PORTAL = "/v1/customer-portal/orders"
segments = any_text.filter(lambda text: text and "/" not in text)


class GivenTheRoutesOfTheContract:
    @pytest.mark.parametrize(
        ("method", "path", "allow"),
        [
            ("DELETE", f"{PORTAL}/abc", "GET"),
            ("TRACE", f"{PORTAL}/{ORDER_ID}", "GET"),
            ("BREW", f"{PORTAL}/{ORDER_ID}/payment-status", "GET"),
            ("get", f"{PORTAL}/{ORDER_ID}", "GET"),
        ],
    )
    def test_when_the_method_is_wrong_then_only_the_first_route_of_the_path_is_allowed(
        self, routes: RouteTable, method: str, path: str, allow: str
    ) -> None:
        assert routes.match(method, path) == MethodRefused(allow)

    @pytest.mark.parametrize(
        ("method", "path", "mended"),
        [
            ("BREW", PORTAL, f"{PORTAL}/"),
            ("GET", f"{PORTAL}/{ORDER_ID}//", f"{PORTAL}/{ORDER_ID}"),
            ("GET", f"{PORTAL}/a b\r\nX-More: 1/", f"{PORTAL}/a%20b%0D%0AX-More:%201"),
            ("GET", f"{PORTAL}/a?b#c%d/", f"{PORTAL}/a%3Fb%23c%25d"),
        ],
    )
    def test_when_a_slash_is_wrong_then_the_corrected_path_is_ready_for_a_header(
        self, routes: RouteTable, method: str, path: str, mended: str
    ) -> None:
        assert routes.match(method, path) == Redirected(mended)

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "/",
            "/v1",
            "/v1/nothing",
            f"{PORTAL}//",
            f"/{PORTAL}/",
            f"{PORTAL}//invoice",
            f"{PORTAL}/{ORDER_ID}/receipt",
            f"{PORTAL}/{ORDER_ID}/invoice/more",
            f"{PORTAL}/a/b/invoice",
            PORTAL.upper(),
        ],
    )
    def test_when_no_path_of_the_contract_fits_then_the_route_is_unknown(self, routes: RouteTable, path: str) -> None:
        assert routes.match("GET", path) == RouteUnknown()


@given(segments)
@example("{id}")
@example("invoice")
def test_any_text_without_a_slash_is_an_id_and_stays_as_it_is(routes: RouteTable, text: str) -> None:
    found = routes.match("POST", f"{PORTAL}/{text}/invoice")

    assert isinstance(found, Matched)
    assert found.path_parameters == {"id": text}


@given(segments.filter(lambda text: not any("\ud800" <= character <= "\udfff" for character in text)))
def test_a_redirect_is_plain_ascii_and_leads_to_the_same_id(routes: RouteTable, text: str) -> None:
    redirected = routes.match("GET", f"{PORTAL}/{text}/")

    assert isinstance(redirected, Redirected)
    assert redirected.path.isascii()
    assert redirected.path.isprintable()
    found = routes.match("GET", unquote(redirected.path))
    assert isinstance(found, Matched)
    assert found.path_parameters == {"id": text}


@given(any_text, any_text | st.lists(segments).map("/".join).map(f"{PORTAL}/".__add__))
@example("GET", f"{PORTAL}/\ud800/")
def test_no_method_and_no_path_breaks_the_match(routes: RouteTable, method: str, path: str) -> None:
    assert isinstance(routes.match(method, path), Matched | Redirected | MethodRefused | RouteUnknown)
