"""The pages for people as the server writes them: what they show, that all of it is escaped, their headers, and who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from jinja2 import FileSystemLoader

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.web.pages import writing
from mock_server.web.served import Served
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, Api, nobody_listens, without_its_worlds, world_of

KEY = "s3cret"
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Page(HTMLParser):
    """A page as a browser reads it: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, given in self.elements if (value := given.get(attribute)) is not None]

    def action(self, name: str) -> dict[str, str | None]:
        """The attributes of the button with this name for screen readers."""
        (found,) = [given for tag, given in self.elements if tag == "button" and given.get("aria-label") == name]
        return found


def page_of(api: Api, path: str = "", *, status: int = 200, **more: Any) -> Page:
    answer = api.send("GET", f"/_mock/view/{api.world['id']}{path}", **more)
    assert answer.status_code == status, answer.text
    return Page(answer.text)


def every_page(api: Api, key: str) -> list[str]:
    """The addresses of all pages, after a request about the order."""
    api.send("POST", f"{api.order(key)}/invoice", token="customer")
    api.in_world("POST", "/settle")
    view = f"/_mock/view/{api.world['id']}"
    order = api.world["ids"][f"order:{key}"]
    return ["/_mock/", view, f"{view}/orders/{order}", f"{view}/journal/1", f"{view}/journal/99", "/_mock/view/none"]


class GivenAWorld:
    def test_then_the_list_links_to_its_page(self, api: Api) -> None:
        page = Page(api.send("GET", "/_mock/").text)

        assert f"/_mock/view/{api.world['id']}" in page.values("href")
        assert {"demo", "members", "today"} <= set(page.values("value"))

    def test_then_its_page_shows_orders_tokens_and_clock(self, api: Api) -> None:
        page = page_of(api)

        for shown in ("Acme Inc.", "Pro Plan", "Jane Doe", "$10.00", "pending", "no name"):
            assert shown in page.text
        assert [token for token in api.world["tokens"].values() if token not in page.values("data-copy")] == []
        assert f"export POLAR_TOKEN_OAT_READ={api.world['tokens']['oat_read']}" in page.values("data-copy")

    @pytest.mark.parametrize(
        ("name", "method", "end"),
        [
            ("Mark unpaid paid", "PATCH", "/orders/{order:unpaid}"),
            ("Revoke the token customer", "DELETE", "/tokens/customer"),
            ("Advance the clock by 1 h", "PATCH", "/clock"),
        ],
    )
    def test_then_a_button_says_a_call_that_the_control_api_takes(
        self, api: Api, name: str, method: str, end: str
    ) -> None:
        said = page_of(api).action(name)
        path = end.replace("{order:unpaid}", api.world["ids"]["order:unpaid"])

        assert (said["data-method"], said["data-path"]) == (method, f"/_mock/worlds/{api.world['id']}{path}")
        body = said.get("data-body")
        answer = api.send(method, str(said["data-path"]), body=body and body.encode(), content_type="application/json")
        assert answer.status_code in (200, 204)

    def test_when_no_token_of_the_organization_is_left_then_the_customers_requests_the_invoice(self, api: Api) -> None:
        for name in ("oat", "oat_read", "oat_write"):
            api.in_world("DELETE", f"/tokens/{name}")

        said = page_of(api).action("Request the invoice of paid")

        assert (said["data-path"], said["data-token"]) == (
            f"{api.order('paid')}/invoice",
            api.world["tokens"]["customer"],
        )

    def test_when_an_invoice_is_issued_then_its_link_works_and_it_can_not_be_requested_again(self, api: Api) -> None:
        every_page(api, "paid")

        page = page_of(api)

        (link,) = [href for href in page.values("href") if "polar-customer-invoices" in href]
        assert api.send("GET", link).data.startswith(b"%PDF-")
        assert "Request the invoice of paid" not in page.values("aria-label")

    def test_when_it_has_many_orders_then_a_page_has_a_hundred(self, server: Any) -> None:
        orders = {f"order-{number}": {"customer": "main", "product": "pro"} for number in range(230)}
        api = world_of(server, {**ACME, "orders": orders})

        assert page_of(api).text.count("Pro Plan") == 100
        for number, there in (("3", 30), ("99", 30), ("-1", 100), ("x", 100)):
            page = page_of(api, f"?page={number}")
            assert page.text.count("Pro Plan") == there

    def test_when_a_webhook_failed_then_its_attempts_are_shown_and_it_can_be_sent_again(self, api: Api) -> None:
        api.in_world("PATCH", f"/orders/{api.world['ids']['order:unpaid']}", {"status": "paid"})
        api.in_world("POST", "/settle")

        page = page_of(api)
        said = page.action("Send order.paid again")

        assert "10 attempts" in page.text
        assert "The receiver could not be reached." in page.text
        assert api.send("POST", str(said["data-path"]), token=str(said["data-token"])).status_code == 202


class GivenAnOrdersLife:
    def test_then_requests_jobs_and_webhooks_stand_in_the_order_of_time(self, api: Api) -> None:
        order = api.world["ids"]["order:paid"]
        api.send("POST", f"{api.order('paid')}/invoice", token="customer")
        waiting = page_of(api, f"/orders/{order}")
        api.in_world("PATCH", "/clock", {"advance_seconds": 3})
        api.send("GET", f"{api.order('paid')}/invoice", token="customer")

        made = page_of(api, f"/orders/{order}")

        assert "The invoice is waiting" in waiting.text
        in_order = [
            *("The order was made", "customer_portal:orders:generate_invoice was answered 202"),
            *("The invoice was scheduled for 10:00:03", "Invoice ACME-", "order.updated was raised"),
            *("order.updated, attempt 1, got no answer", "customer_portal:orders:invoice was answered 200"),
            "order.updated is waiting to be sent",
        ]
        places = [made.text.find(text) for text in in_order]
        assert places == sorted(places)
        assert -1 not in places

    def test_then_the_picture_and_the_table_have_the_same_numbers(self, api: Api) -> None:
        (address,) = [path for path in every_page(api, "paid") if "/orders/" in path]

        page = Page(api.send("GET", address).text)

        marks = [given for tag, given in page.elements if tag == "g"]
        rows = [given for tag, given in page.elements if tag == "th" and given == {"scope": "row", "class": "number"}]
        assert len(marks) == len(rows) > 5


class GivenHostileNames:
    @pytest.fixture
    def hostile(self, server: Any) -> Api:
        document = {
            **ACME,
            "organization": {"slug": HOSTILE, "name": HOSTILE, "invoice_prefix": HOSTILE},
            "products": {HOSTILE: {"name": HOSTILE, "price_amount": 1000}},
            "customers": {"main": {"email": "jane@example.com", "name": HOSTILE, "billing_address": {"country": "US"}}},
            "tokens": {
                HOSTILE: {"kind": "customer_session", "customer": "main"},
                "oat": {"kind": "organization_access_token"},
            },
            "orders": {HOSTILE: {"customer": "main", "product": HOSTILE, "billing_name": HOSTILE}},
            "webhook_endpoints": {"app": {"url": "http://127.0.0.1:9/?<script>", "events": ["order.updated"]}},
        }
        api = world_of(server, document)
        api.world["tokens"]["customer"] = api.world["tokens"][HOSTILE]
        return api

    def test_then_every_page_shows_them_and_none_becomes_an_element(self, hostile: Api) -> None:
        hostile.send("GET", f"/v1/{quote(HOSTILE)}?{HOSTILE}", token="customer", headers={"X-Name": HOSTILE})
        hostile.send("GET", f"/v1/{quote(HOSTILE)}", headers={"Authorization": f"Bearer {HOSTILE}"})

        for address in every_page(hostile, HOSTILE):
            answer = hostile.send("GET", address)
            page = Page(answer.text)
            scripts = [given for tag, given in page.elements if tag == "script"]
            assert scripts == [{"type": "module", "src": "/_mock/assets/page.js"}], address
            assert [tag for tag, _ in page.elements if tag == "img"] == []
            assert [name for _, given in page.elements for name in given if name.startswith("on")] == []
            assert "49" not in page.text.replace("2026", "") or "{{" in page.text
        assert HOSTILE in page_of(hostile).text

    def test_when_a_name_is_no_unicode_then_the_page_is_shown_all_the_same(self, server: Any) -> None:
        broken = {**ACME, "organization": {"slug": "\ud800", "name": "A \ud800 name", "invoice_prefix": "X"}}

        assert "A ? name" in page_of(world_of(server, broken)).text

    def test_when_an_address_is_unknown_then_the_page_quotes_it_as_text(self, api: Api) -> None:
        answer = api.send("GET", f"/_mock/view/{quote('<script>')}")

        assert answer.status_code == 404
        assert "&lt;script&gt;" in answer.text
        assert "<script>'" not in answer.text


class GivenAnyPage:
    def test_then_only_files_of_the_mock_run_and_no_cache_keeps_it(self, api: Api) -> None:
        for address in [*every_page(api, "paid"), "/acme/portal?customer_session_token=polar_cst_x"]:
            answer = api.send("GET", address)
            page = Page(answer.text)
            assert answer.content_type == "text/html; charset=utf-8"
            assert answer.headers["Content-Security-Policy"] == POLICY
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert page.values("style") == []
            loaded = [
                given.get("src") or given.get("href") for tag, given in page.elements if tag in ("script", "link")
            ]
            assert all(api.send("GET", str(path)).status_code == 200 for path in loaded)
            assert len(loaded) == 3
            outside = [
                href for href in page.values("href") if "://" in href and not href.startswith("http://localhost/")
            ]
            assert outside == []

    @pytest.mark.parametrize("path", ["/_mock/assets/none.js", "/_mock/assets/..%2Froutes.py", "/_mock/assets/%2e%2e"])
    def test_when_a_file_is_none_of_the_pages_then_it_is_not_served(self, api: Api, path: str) -> None:
        assert api.send("GET", path).status_code == 404

    def test_when_a_script_imports_another_then_that_is_served_as_a_script(self, api: Api) -> None:
        answer = api.send("GET", "/_mock/assets/sentences.js")

        assert (answer.status_code, answer.content_type) == (200, "text/javascript; charset=utf-8")

    def test_when_the_slash_is_missing_then_it_is_added(self, api: Api) -> None:
        answer = api.send("GET", "/_mock")

        assert (answer.status_code, answer.headers["Location"]) == (308, "/_mock/")

    @pytest.mark.parametrize("method", ["POST", "DELETE"])
    def test_when_a_page_is_sent_something_then_the_control_api_refuses_it(self, api: Api, method: str) -> None:
        answer = api.send(method, "/_mock/")

        assert (answer.status_code, answer.json["error"]) == (404, "CallUnknown")


@pytest.fixture(scope="module")
def guarded_server() -> MockServer:
    served = Served("0.0.0.0", 8000, is_loopback=False)
    return assemble(Settings(served=served, control_key=KEY), wall=lambda: NOW, send=nobody_listens)


class GivenAServerForOthers:
    @pytest.fixture
    def guarded(self, guarded_server: MockServer) -> Iterator[Api]:
        with without_its_worlds(guarded_server) as server:
            api = Api(server)
            api.world = api.send("POST", "/_mock/worlds", body=ACME, headers={"X-Mock-Key": KEY}).json
            yield api

    @pytest.mark.parametrize("headers", [{}, {"X-Mock-Key": "wrong"}])
    @pytest.mark.parametrize("path", ["/_mock/", "/_mock/view/{id}", "/_mock/view/{id}/journal/1", "/_mock/view/none"])
    def test_when_the_key_is_missing_then_the_page_asks_for_it_and_shows_nothing_else(
        self, guarded: Api, path: str, headers: dict[str, str]
    ) -> None:
        answer = guarded.send("GET", path.format(id=guarded.world["id"]), headers=headers)

        assert answer.status_code == 401
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert 'id="key-form"' in answer.text
        assert guarded.world["id"] not in answer.text
        assert "Acme" not in answer.text

    def test_when_the_key_is_right_then_the_page_is_shown(self, guarded: Api) -> None:
        assert "Acme Inc." in page_of(guarded, headers={"X-Mock-Key": KEY}).text

    @pytest.mark.parametrize("name", ["page.css", "page.js", "portal.js", "icon.svg"])
    def test_then_the_files_of_the_pages_need_no_key(self, guarded: Api, name: str) -> None:
        assert guarded.send("GET", f"/_mock/assets/{name}").status_code == 200


class GivenAServerForThisMachine:
    @pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
    def test_when_a_page_of_elsewhere_asks_then_it_learns_nothing(self, api: Api, headers: dict[str, str]) -> None:
        page = page_of(api, status=403, headers=headers)

        assert "Acme" not in page.text
        assert "Refused" in page.text


class GivenAServerThatNobodyLooksAt:
    def test_then_no_template_is_read_until_somebody_does(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made: list[str] = []
        monkeypatch.setattr(writing, "FileSystemLoader", lambda folder: made.append(folder) or FileSystemLoader(folder))

        api = world_of(assemble(Settings(), wall=lambda: NOW, send=nobody_listens), ACME)
        before = len(made)
        page_of(api)
        page_of(api)

        assert (before, len(made)) == (0, 1)
