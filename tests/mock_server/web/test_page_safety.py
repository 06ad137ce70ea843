"""The pages for people escape all that they show, load nothing from elsewhere, and are shown to those who may call the control API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jinja2 import FileSystemLoader

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.web.pages import writing
from mock_server.web.served import Served
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, Api, nobody_listens, without_its_worlds, world_of
from tests.mock_server.web.pages import Page, every_page, page_of

KEY = "s3cret"
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


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
        made: list[Path] = []

        def loader(folder: Path) -> FileSystemLoader:
            made.append(folder)
            return FileSystemLoader(folder)

        monkeypatch.setattr(writing, "FileSystemLoader", loader)

        api = world_of(assemble(Settings(), wall=lambda: NOW, send=nobody_listens), ACME)
        before = len(made)
        page_of(api)
        page_of(api)

        assert (before, len(made)) == (0, 1)
