"""Access to the control API: web pages, forms and rebound names have none; pages of this machine have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.web.served import Served
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, Api, without_its_worlds

KEY = "s3cret"
LOCAL_ORIGINS = ["http://localhost:3000", "https://localhost", "http://[::1]:3000"]
FOREIGN_ORIGINS = ["https://evil.example", "http://mock:8000", "null", ""]
FOREIGN_HOSTS = ["evil.example:8000", "192.168.1.4", ""]


def calls(world_id: str) -> list[tuple[str, str, Any]]:
    """Every existing call, and one that does not exist."""
    world = f"/_mock/worlds/{world_id}"
    return [
        ("GET", "/_mock/scenarios", None),
        ("GET", "/_mock/worlds", None),
        ("POST", "/_mock/worlds", {}),
        ("GET", world, None),
        ("DELETE", world, None),
        ("POST", f"{world}/reset", None),
        ("POST", f"{world}/orders", {"key": "new", "customer": "main"}),
        ("PATCH", f"{world}/orders/none", {"status": "paid"}),
        ("GET", f"{world}/clock", None),
        ("PATCH", f"{world}/clock", {"advance_seconds": 1}),
        ("POST", f"{world}/settle", None),
        ("GET", f"{world}/deliveries", None),
        ("POST", "/_mock/nothing", {}),
    ]


@pytest.fixture(scope="module")
def guarded_server() -> MockServer:
    """A server that listens for other machines."""
    return assemble(Settings(served=Served("0.0.0.0", 8000, is_loopback=False), control_key=KEY), wall=lambda: NOW)


@pytest.fixture
def guarded(guarded_server: MockServer) -> Iterator[Api]:
    """Such a server, with a world."""
    with without_its_worlds(guarded_server) as server:
        api = Api(server)
        api.world = api.send("POST", "/_mock/worlds", body=ACME, headers={"X-Mock-Key": KEY}).json
        yield api


class GivenAServerForThisMachine:
    @pytest.mark.parametrize("host", FOREIGN_HOSTS)
    def test_when_a_call_names_another_host_then_nothing_is_done_or_revealed(self, api: Api, host: str) -> None:
        before = api.in_world("GET", "")

        for method, path, body in calls(api.world["id"]):
            answer = api.send(method, path, body=body, headers={"Host": host})
            assert (answer.status_code, answer.json["error"]) == (403, "HostRefused")
            assert "http://127.0.0.1:8000" in answer.json["detail"]
            assert (repr(host) if host else "names no Host") in answer.json["detail"]

        assert api.in_world("GET", "") == before

    @pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
    def test_when_a_page_of_elsewhere_calls_then_nothing_is_done_or_revealed(self, api: Api, origin: str) -> None:
        before = api.in_world("GET", "")

        for method, path, body in calls(api.world["id"]):
            answer = api.send(method, path, body=body, headers={"Origin": origin})
            assert (answer.status_code, answer.json["error"]) == (403, "OriginRefused")
            assert "Access-Control-Allow-Origin" not in answer.headers

        assert api.in_world("GET", "") == before

    @pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:9", "[::1]:8000"])
    def test_when_a_call_names_this_machine_then_it_is_answered(self, api: Api, host: str) -> None:
        assert api.send("GET", "/_mock/worlds", headers={"Host": host}).status_code == 200

    def test_when_a_rebound_name_calls_from_its_own_page_then_it_is_refused(self, api: Api) -> None:
        headers = {"Host": "evil.example:8000", "Origin": "http://evil.example:8000", "Sec-Fetch-Site": "same-origin"}

        assert api.send("POST", "/_mock/worlds", body={}, headers=headers).status_code == 403

    @pytest.mark.parametrize(
        ("mode", "site", "status"),
        [("no-cors", "cross-site", 403), ("navigate", "cross-site", 200), ("no-cors", "same-site", 200)],
    )
    def test_when_a_page_of_another_site_loads_a_call_without_asking_then_only_a_link_works(
        self, api: Api, mode: str, site: str, status: int
    ) -> None:
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}

        assert api.send("GET", "/_mock/worlds", headers=headers).status_code == status


class GivenAPageOfThisMachine:
    @pytest.mark.parametrize("origin", LOCAL_ORIGINS)
    def test_when_it_calls_then_it_can_read_every_answer_refusals_included(self, api: Api, origin: str) -> None:
        for method, path, body in [*calls(api.world["id"]), ("POST", "/_mock/worlds", {"organisation": 1})]:
            answer = api.send(method, path, body=body, headers={"Origin": origin})
            assert answer.status_code in (200, 201, 204, 404, 422)
            assert answer.headers["Access-Control-Allow-Origin"] == origin
            assert "Origin" in answer.headers["Vary"]

    @pytest.mark.parametrize("path", ["/worlds", "/worlds/default/clock", "/health", "/nothing", "", "/"])
    @pytest.mark.parametrize("origin", LOCAL_ORIGINS)
    def test_when_it_asks_beforehand_then_the_answer_says_what_it_may_send(
        self, api: Api, origin: str, path: str
    ) -> None:
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-mock-key"}

        answer = api.send("OPTIONS", f"/_mock{path}", headers={"Origin": origin, **asked})

        assert (answer.status_code, answer.data) == (204, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "Origin" in answer.headers["Vary"]
        assert {"GET", "POST", "PATCH", "DELETE"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
        assert set(answer.headers["Access-Control-Allow-Headers"].split(", ")) == {"Content-Type", "X-Mock-Key"}

    @pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
    def test_when_a_page_of_elsewhere_asks_beforehand_then_it_is_refused(self, api: Api, origin: str) -> None:
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}

        answer = api.send("OPTIONS", "/_mock/worlds", headers=headers)

        assert answer.status_code == 403
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


class GivenAnyAnswerOfTheControlApi:
    def test_then_no_browser_keeps_it_or_takes_it_for_something_else(self, api: Api) -> None:
        for method, path, body in calls(api.world["id"]):
            headers = api.send(method, path, body=body).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cache-Control"] == "no-store"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "Access-Control-Allow-Origin" not in headers


class GivenHealth:
    @pytest.mark.parametrize(
        "headers",
        [{}, {"Host": "mock.ci.example"}, {"Host": ""}, {"Origin": "https://evil.example"}, {"X-Mock-Key": "wrong"}],
        ids=["plain", "another host", "no host", "another page", "another key"],
    )
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_then_everybody_may_ask_and_learns_no_more_than_any_answer_of_the_api_tells(
        self, guarded: Api, api: Api, method: str, headers: dict[str, str]
    ) -> None:
        for server in (guarded, api):
            answer = server.send(method, "/_mock/health", headers=headers)
            assert answer.status_code == 200
            assert answer.data == (b'{"status":"ok","revision":"0.1.0"}' if method == "GET" else b"")
            assert "Access-Control-Allow-Origin" not in answer.headers

    def test_when_a_page_of_this_machine_asks_then_it_can_read_the_answer(self, guarded: Api) -> None:
        answer = guarded.send("GET", "/_mock/health", headers={"Origin": "http://localhost:3000"})

        assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


class GivenAServerForOthers:
    @pytest.mark.parametrize("key", [None, "", "wrong", "s3cret-é", "s3cre", "S3CRET"])
    def test_when_a_call_does_not_know_the_key_then_nothing_is_done_or_revealed(
        self, guarded: Api, key: str | None
    ) -> None:
        for method, path, body in calls(guarded.world["id"]):
            answer = guarded.send(method, path, body=body, headers={} if key is None else {"X-Mock-Key": key})
            assert (answer.status_code, answer.json["error"]) == (401, "KeyRefused")

    @pytest.mark.parametrize("host", ["mock:8000", "evil.example", "mock.ci.example", ""])
    def test_when_it_does_then_any_host_will_do(self, guarded: Api, host: str) -> None:
        assert guarded.send("GET", "/_mock/worlds", headers={"X-Mock-Key": KEY, "Host": host}).status_code == 200

    @pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
    def test_when_a_page_of_elsewhere_knows_the_key_then_it_is_refused_all_the_same(
        self, guarded: Api, origin: str
    ) -> None:
        answer = guarded.send("GET", "/_mock/worlds", headers={"X-Mock-Key": KEY, "Origin": origin})

        assert answer.status_code == 403

    def test_when_the_page_is_its_own_under_the_name_of_a_container_then_it_may_call(self, guarded: Api) -> None:
        headers = {"X-Mock-Key": KEY, "Origin": "http://mock:8000", "Host": "mock:8000"}

        assert guarded.send("GET", "/_mock/worlds", headers=headers).status_code == 200

    def test_when_a_page_of_this_machine_asks_beforehand_then_it_needs_no_key_yet(self, guarded: Api) -> None:
        headers = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}

        assert guarded.send("OPTIONS", "/_mock/worlds", headers=headers).status_code == 204

    def test_when_a_page_of_this_machine_has_a_wrong_key_then_it_can_read_why(self, guarded: Api) -> None:
        answer = guarded.send("GET", "/_mock/worlds", headers={"Origin": "http://localhost:3000"})

        assert answer.status_code == 401
        assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
