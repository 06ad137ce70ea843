"""`Polar-Version`: which versions a world's service has, how a request chooses one, and what the choice changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.services.context import RevisionNotServed
from tests.made_up_revision import copy_spec
from tests.mock_server.web.conftest import (
    ACME,
    EMPTY,
    Api,
    problems_of,
    world_in,
)

LISTS = "/v1/customer-portal/orders/"
ORIGIN = {"Origin": "https://shop.example.com"}


def version_of(answer: Any) -> str | None:
    version: str | None = answer.headers.get("Polar-Version")
    return version


def is_bare_404(answer: Any) -> bool:
    """The answer before everything else: of no version, and unreadable to a page of another origin."""
    named = [name for name, _ in answer.headers if name.lower().startswith(("polar-", "access-control-", "cache-"))]
    return (answer.status_code, answer.json, named) == (404, {"detail": "Not Found"}, [])


class GivenAWorldOfTheCurrentRevision:
    @pytest.mark.parametrize(
        ("sent", "version"),
        [
            pytest.param(None, "2026-10", id="none-is-the-current-one"),
            pytest.param("", "2026-10", id="empty-is-the-current-one"),
            pytest.param("2026-10", "2026-10", id="the-current-one"),
            pytest.param("2026-04", "2026-04", id="the-deprecated-one"),
            pytest.param("2027-01", "2027-01", id="the-next-one"),
        ],
    )
    def test_when_a_request_names_a_served_version_then_the_answer_is_of_it(
        self, today: Api, sent: str | None, version: str
    ) -> None:
        headers = {} if sent is None else {"Polar-Version": sent}

        answer = today.send("GET", LISTS, token="customer", headers=headers)

        assert (answer.status_code, version_of(answer)) == (200, version)
        assert answer.headers["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize(
        "sent", ["2026-4", "latest", "v1", "2026-10-01", "1999-01", "2027-04", "0.1.0", "2026-10 x"]
    )
    def test_when_a_request_names_another_one_then_nothing_else_is_looked_at(self, today: Api, sent: str) -> None:
        for method in ("GET", "POST", "OPTIONS"):
            for path in (LISTS, "/v1/nothing", f"{LISTS}nope"):
                assert is_bare_404(
                    today.send(method, path, token="customer", headers={"Polar-Version": sent, **ORIGIN})
                )

    @pytest.mark.parametrize(
        ("method", "path", "token", "status"),
        [
            pytest.param("GET", "/v1/nothing", "customer", 404, id="unknown-route"),
            pytest.param("PUT", LISTS, "customer", 411, id="no-length"),
            pytest.param("DELETE", LISTS, "customer", 405, id="wrong-method"),
            pytest.param("GET", LISTS[:-1], "customer", 307, id="redirect"),
            pytest.param("GET", "/v1/orders/", "customer", 401, id="wrong-kind-of-token"),
            pytest.param("GET", f"{LISTS}nope", "customer", 422, id="malformed-id"),
        ],
    )
    def test_then_every_refusal_names_the_version_too(
        self, today: Api, method: str, path: str, token: str, status: int
    ) -> None:
        answer = today.send(method, path, token=token, headers={"Polar-Version": "2026-04"})

        assert (answer.status_code, version_of(answer)) == (status, "2026-04")

    def test_when_a_page_of_another_origin_asks_then_it_may_choose_a_version_and_read_it(self, today: Api) -> None:
        asking = {**ORIGIN, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "polar-version"}

        preflight = today.send("OPTIONS", LISTS, token="customer", headers=asking)
        answer = today.send("GET", LISTS, token="customer", headers=ORIGIN)

        assert (preflight.status_code, version_of(preflight)) == (200, "2026-10")
        assert answer.headers["Access-Control-Expose-Headers"] == "Polar-Version"

    def test_when_the_server_has_another_revision_then_a_preflight_allows_what_one_of_its_worlds_allows(self) -> None:
        api = Api(assemble(Settings(revision="0.1.0")))
        asking = {**ORIGIN, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "polar-version"}

        before = api.send("OPTIONS", LISTS, headers=asking)
        world_in(api.server, "2026-10")
        after = api.send("OPTIONS", LISTS, headers=asking)

        assert (before.status_code, after.status_code) == (400, 200)
        assert "Polar-Version" in after.headers["Access-Control-Allow-Headers"]
        refused = api.control("GET", "/journal")["items"][0]
        assert (refused["status"], refused["hint"]) == (
            400,
            "no world of this server lets a page send these headers or this method: polar-version, GET",
        )

    def test_when_a_token_was_sent_that_nobody_has_then_its_own_cache_rule_stays(self) -> None:
        api = Api(assemble(Settings(revision="2026-10")), {"tokens": {}})

        answer = api.send("GET", LISTS, token="polar_cst_unknown")

        assert (answer.status_code, answer.headers.getlist("Cache-Control")) == (401, ["no-store"])
        assert version_of(answer) == "2026-10"

    def test_when_a_body_comes_without_a_length_then_it_is_refused_before_the_token(self, today: Api) -> None:
        path = f"{today.order('paid')}/invoice"

        answer = today.send("POST", path, token="customer")
        empty = today.send("POST", path, token="customer", environ_overrides=EMPTY)

        assert (answer.status_code, answer.json["error"]) == (411, "LengthRequired")
        assert empty.status_code == 202


class GivenAServerOfADatedRevision:
    @pytest.mark.parametrize("token", [None, "polar_cst_unknown"])
    def test_when_a_request_belongs_to_no_world_then_the_servers_own_versions_count(self, token: str | None) -> None:
        api = Api(assemble(Settings(revision="2026-04")), {"tokens": {}})

        answer = api.send("GET", LISTS, token=token)
        pinned = api.send("GET", LISTS, token=token, headers={"Polar-Version": "2026-10"})
        unknown = api.send("GET", LISTS, token=token, headers={"Polar-Version": "2027-01"})

        assert (answer.status_code, version_of(answer)) == (401, "2026-04")
        assert (pinned.status_code, version_of(pinned)) == (401, "2026-10")
        assert is_bare_404(unknown), "2027-01 was not served yet when 2026-04 was current"


class GivenAWorldFromBeforeVersions:
    def test_when_a_request_names_a_version_then_it_is_not_looked_at(self, later_server: MockServer) -> None:
        april = world_in(later_server, "0.1.0")

        answer = april.send("GET", LISTS, token="customer", headers={"Polar-Version": "1999-01"})

        assert (answer.status_code, version_of(answer)) == (200, None)

    def test_when_its_document_has_versions_then_it_is_refused(self, later_server: MockServer) -> None:
        body = {**ACME, "revision": "0.1.0", "versions": {"served": ["2026-10"]}}

        answer = Api(later_server).send("POST", "/_mock/worlds", body=body)

        assert answer.status_code == 422
        assert "revision 0.1.0 is from before requests could choose a version" in answer.text


class GivenAVersionThatCanNotBeServed:
    def test_when_a_service_has_it_then_neither_a_server_nor_a_world_of_it_is_made(self, tmp_path: Path) -> None:
        spec = copy_spec(tmp_path)
        (spec / "2026-04" / "behaviour.yaml").unlink()

        with pytest.raises(RevisionNotServed, match=r"2026-04.behaviour.yaml"):
            assemble(Settings(spec=spec, revision="2026-10"))
        answer = Api(assemble(Settings(spec=spec))).send("POST", "/_mock/worlds", body={"revision": "2026-10"})

        (problem,) = answer.json["problems"]
        assert (answer.status_code, problem["path"]) == (422, "versions.served")
        assert "2026-04/behaviour.yaml" in problem["message"]


class GivenAWorldThatRehearsesARotation:
    def test_when_a_version_is_removed_then_one_change_of_the_world_says_so(self, today: Api) -> None:
        pinned = {"Polar-Version": "2026-04"}
        assert today.send("GET", LISTS, token="customer", headers=pinned).status_code == 200

        changed = today.in_world("PATCH", "", {"versions": {"current": "2027-01", "served": ["2026-10", "2027-01"]}})

        assert changed["versions"] == {"current": "2027-01", "served": ["2026-10", "2027-01"]}
        assert is_bare_404(today.send("GET", LISTS, token="customer", headers=pinned))
        assert version_of(today.send("GET", LISTS, token="customer")) == "2027-01"

    def test_when_it_is_reset_then_its_first_versions_are_back(self, today: Api) -> None:
        today.in_world("PATCH", "", {"versions": {"current": "2027-01", "served": ["2027-01"]}})

        today.in_world("POST", "/reset")

        assert version_of(today.send("GET", LISTS, token="customer")) == "2026-10"

    @pytest.mark.parametrize(
        ("versions", "path", "says"),
        [
            ({"served": ["2026-4"]}, "versions", 'names "2026-4"; known versions: 2026-04, 2026-10, 2027-01'),
            ({"current": "0.1.0"}, "versions", 'names "0.1.0"'),
            ({"served": ["2026-04"]}, "versions.served", 'does not have "2026-10", which is the current version'),
            ({"served": "2026-04"}, "versions.served", "it has to be a list of texts"),
            ({"next": "2027-01"}, "versions.next", "unknown key"),
        ],
    )
    def test_when_it_can_not_be_then_the_answer_says_why(
        self, today: Api, versions: dict[str, Any], path: str, says: str
    ) -> None:
        assert says in problems_of(today, "PATCH", "", {"versions": versions})[path]
        assert version_of(today.send("GET", LISTS, token="customer")) == "2026-10"
