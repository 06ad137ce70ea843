"""Every URL that the mock puts into an answer or an event: where it leads, and whether it can be altered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mock_server.assembly import Settings, assemble
from mock_server.web.served import Served
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, Api, nobody_listens, world_of

ORDERS = "/v1/customer-portal/orders"
OWN = "http://127.0.0.1:8000"
# Hosts besides the mock's that the service shows and a world may name: pictures of customers, and reserved hosts.
# Pictures come from two hosts, as on the service.
KNOWN_HOSTS = re.compile(
    r"localhost|127\.0\.0\.1(:\d+)?|www\.gravatar\.com|raw\.githubusercontent\.com|([a-z-]+\.)*example\.com"
)


def issue(api: Api) -> None:
    api.send("POST", f"{api.order('paid')}/invoice", token="customer")
    api.in_world("POST", "/settle")


def invoice_url(api: Api, **more: Any) -> str:
    url: str = api.send("GET", f"{api.order('paid')}/invoice", token="customer", **more).json["url"]
    return url


def portal_url(api: Api, **more: Any) -> str:
    body = {"customer_id": api.world["ids"]["customer:main"]}
    url: str = api.send("POST", "/v1/customer-sessions/", token="oat", body=body, **more).json["customer_portal_url"]
    return url


def redirect(api: Api, **more: Any) -> str:
    location: str = api.send("GET", ORDERS, **more).headers["Location"]
    return location


class GivenARequestThatNamesAHost:
    @pytest.mark.parametrize("find", [invoice_url, portal_url, redirect], ids=["invoice", "portal", "redirect"])
    @pytest.mark.parametrize("host", ["evil.example:8000", "192.168.1.4", "[::1", ""])
    def test_when_it_is_none_of_the_servers_then_links_lead_to_the_server(self, api: Api, host: str, find: Any) -> None:
        issue(api)

        assert find(api, headers={"Host": host}).startswith(f"{OWN}/")

    @pytest.mark.parametrize("find", [invoice_url, portal_url, redirect], ids=["invoice", "portal", "redirect"])
    @pytest.mark.parametrize("host", ["localhost:3000", "[::1]:8000"])
    def test_when_it_is_one_of_them_then_links_lead_there(self, api: Api, host: str, find: Any) -> None:
        issue(api)

        assert find(api, headers={"Host": host}).startswith(f"http://{host}/")

    def test_when_the_server_has_a_public_url_then_links_lead_there(self) -> None:
        served = Served("0.0.0.0", 8000, "https://mock.example.com", is_loopback=False)
        api = world_of(assemble(Settings(served=served), wall=lambda: NOW, send=nobody_listens), ACME)
        issue(api)

        for find in (invoice_url, portal_url, redirect):
            assert find(api, headers={"Host": "127.0.0.1:8000"}).startswith("https://mock.example.com/")


class GivenAPortalUrl:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_when_a_browser_follows_it_then_a_page_without_the_token_is_there(self, api: Api, method: str) -> None:
        url = portal_url(api)

        answer = api.send(method, url.removeprefix("http://localhost"), headers={"Accept": "text/html"})

        assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert ("portal.js" in answer.text) == (method == "GET")
        assert "polar_cst_" not in answer.text

    @pytest.mark.parametrize(
        "slug", ["a b", "../x", "a/b", "//evil.example", "@evil.example", "?x", "#x", "é", "\\x", "\ud800"]
    )
    def test_when_the_organizations_slug_is_odd_then_it_stays_a_path_of_the_mock(self, api: Api, slug: str) -> None:
        world = Api(api.server)
        world.world = api.control("POST", "/worlds", {**ACME, "organization": {"slug": slug}})

        url = portal_url(world)

        assert urlsplit(url).netloc == "localhost"
        assert urlsplit(url).path == f"/{quote(slug.encode('utf-8', 'replace'), safe='')}/portal"
        assert "portal.js" in world.send("GET", url.removeprefix("http://localhost")).text

    @pytest.mark.parametrize(
        "request_line",
        ["POST /acme/portal", "GET /portal", "GET /v1/customer-portal", "GET /acme/portal/", "GET /acme/portals"],
    )
    def test_when_it_is_another_path_then_the_api_answers(self, api: Api, request_line: str) -> None:
        answer = api.send(*request_line.split())

        assert (answer.status_code, answer.json) == (404, {"detail": "Not Found"})


class GivenAnInvoicesLink:
    @pytest.fixture
    def link(self, api: Api) -> str:
        issue(api)
        return invoice_url(api).removeprefix("http://localhost")

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (r"/Invoice-[^?]*\?", "/?"),
            (r"/Invoice-[^?]*\?", "?"),
            (r"/Invoice-", "/invoice-"),
            (r"\.pdf\?", ".html?"),
            (r"\.pdf\?", ".pdf/x?"),
            (r"/Invoice-", "//Invoice-"),
            (r"filename%3D%22Invoice", "filename%3D%22Receipt"),
            (r"application%2Fpdf", "text%2Fhtml"),
            (r"&X-Amz-Signature=", "&x=1&X-Amz-Signature="),
        ],
    )
    def test_when_any_part_of_it_is_altered_then_it_is_refused(self, api: Api, link: str, old: str, new: str) -> None:
        altered = re.sub(old, new, link, count=1)
        assert altered != link

        answer = api.send("GET", altered)

        assert answer.status_code == 403
        assert b"SignatureDoesNotMatch" in answer.data
        assert api.send("GET", link).status_code == 200

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(number=st.text(min_size=1, max_size=30))
    @example(number="\ud800")
    @example(number="../../x?y#z%2F/")
    def test_for_any_invoice_number_the_link_leads_to_it(self, api: Api, number: str) -> None:
        document = {**ACME, "orders": {"paid": {**ACME["orders"]["paid"], "invoice_number": number}}}
        made = api.send("POST", "/_mock/worlds", body=document)
        world = Api(api.server, made.json)
        issue(world)

        url = invoice_url(world)

        assert url.isascii()
        answer = world.send("GET", url.removeprefix("http://localhost"))
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")


class GivenEverythingThatTheMockSays:
    @pytest.mark.parametrize("format_", ["raw", "discord", "slack"])
    def test_then_no_url_of_it_leads_to_the_service(self, api: Api, format_: str) -> None:
        endpoint = {
            **ACME["webhook_endpoints"]["app"],
            "format": format_,
            "events": ["order.updated", "order.refunded"],
        }
        world = world_of(api.server, {**ACME, "webhook_endpoints": {"app": endpoint}})

        said = list(everything(world))

        urls = [url for text in said for url in re.findall(r"https?://([^/\"\\?)>| ]*)", text)]
        assert len(urls) > 10
        assert [host for host in urls if not KNOWN_HOSTS.fullmatch(host)] == []


def everything(api: Api) -> Iterator[str]:
    """The bodies and URLs of all kinds of answers, and the webhooks that were sent."""
    issue(api)
    api.in_world("PATCH", f"/orders/{api.world['ids']['order:foreign']}", {"status": "refunded"})
    yield redirect(api)
    for path in (f"{ORDERS}/", api.order("paid"), f"{api.order('paid')}/invoice", "/v1/customer-portal/customers/me"):
        yield api.send("GET", path, token="customer").text
    for path in ("/v1/orders/", "/v1/webhooks/endpoints", "/v1/webhooks/deliveries"):
        yield api.send("GET", path, token="oat").text
    body = {"customer_id": api.world["ids"]["customer:main"], "return_url": "https://shop.example.com/back"}
    yield api.send("POST", "/v1/customer-sessions/", token="oat", body=body).text
    yield api.send("PATCH", api.order("paid"), token="customer", body={"billing_address": {"country": 1}}).text
    yield from (str(event["payload"]) for event in api.in_world("GET", "/deliveries")["items"])
    for path in ("", "/deliveries", "/clock"):
        yield str(api.in_world("GET", path))
    yield api.send("GET", "/_mock/worlds/none").text
