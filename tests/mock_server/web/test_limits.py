"""The rate limit of a world: whose requests count together, when a window ends, and the answer to a refused caller."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, TEAM, UNKNOWN_ID, Api, world_of

ORDERS = "/v1/customer-portal/orders/"


def limited(server: MockServer, limit: Any, **changes: Any) -> Api:
    api = world_of(server, {**ACME, **changes, "rate_limits": limit})
    api.in_world("PATCH", "/clock", {"mode": "held"})
    return api


def ask(api: Api, token: str, path: str = ORDERS, **more: Any) -> int:
    status: int = api.send("GET", path, token=token, **more).status_code
    return status


class GivenAWorldWithALimit:
    def test_when_it_is_used_up_then_the_refusal_has_no_body_and_names_the_whole_window(
        self, server: MockServer
    ) -> None:
        api = limited(server, {"profile": "sandbox", "requests": 1})
        ask(api, "customer")
        api.in_world("PATCH", "/clock", {"advance_seconds": 42})

        answer = api.send("GET", ORDERS, token="customer")

        headers = {name.lower(): value for name, value in answer.headers.items()}
        headers.pop("content-length", None)
        assert (answer.status_code, answer.data, headers) == (429, b"", {"retry-after": "60"})

    @pytest.mark.parametrize(("profile", "allowed"), [("sandbox", 100), ("production", 500)])
    def test_when_a_profile_is_named_then_its_limit_holds(self, server: MockServer, profile: str, allowed: int) -> None:
        api = limited(server, profile)

        statuses = [ask(api, "customer") for _ in range(allowed + 1)]

        assert statuses == [200] * allowed + [429]

    def test_when_the_window_is_over_then_a_new_one_begins(self, server: MockServer) -> None:
        api = limited(server, {"requests": 2})
        first = [ask(api, "customer") for _ in range(3)]
        api.in_world("PATCH", "/clock", {"advance_seconds": 60})

        assert [*first, *(ask(api, "customer") for _ in range(3))] == [200, 200, 429, 200, 200, 429]

    def test_when_the_world_is_reset_then_nothing_is_used_up(self, server: MockServer) -> None:
        api = limited(server, {"requests": 1})
        ask(api, "customer")
        api.in_world("POST", "/reset")

        assert ask(api, "customer") == 200

    def test_when_the_world_is_written_down_then_its_limit_is_too(self, server: MockServer) -> None:
        api = limited(server, "production")

        assert api.in_world("GET", "")["rate_limits"] == {"profile": "production", "requests": 500}


class GivenAUsedUpLimit:
    @pytest.mark.parametrize(
        ("path", "method"),
        [
            (ORDERS, "GET"),
            (ORDERS.rstrip("/"), "GET"),
            ("/v1/nothing", "GET"),
            (f"{ORDERS}nope", "GET"),
            (ORDERS, "PUT"),
            ("/v1/orders/", "GET"),
        ],
        ids=["list", "redirect", "unknown route", "malformed id", "wrong method", "wrong kind of token"],
    )
    def test_when_any_request_comes_then_the_limit_answers_before_everything_else(
        self, server: MockServer, path: str, method: str
    ) -> None:
        api = limited(server, {"requests": 0})

        assert api.send(method, path, token="customer").status_code == 429

    @pytest.mark.parametrize(
        ("token", "status"), [(None, 401), ("polar_cst_unknown", 401), ("expired", 401)], ids=["none", "bad", "expired"]
    )
    def test_when_the_caller_is_nobody_then_it_is_not_counted(
        self, server: MockServer, token: str | None, status: int
    ) -> None:
        api = limited(server, {"requests": 0})

        assert api.send("GET", f"{ORDERS}{UNKNOWN_ID}", token=token).status_code == status


class GivenSeveralSubjects:
    @pytest.mark.parametrize(
        ("first", "second", "status"),
        [
            ("customer", "other", 200),
            ("customer", "oat", 200),
            ("customer", "read_only", 429),
            ("oat", "oat_read", 429),
        ],
        ids=["two customers", "a customer and its shop", "two sessions of a customer", "two tokens of a shop"],
    )
    def test_when_one_has_used_up_its_requests_then_only_its_other_tokens_have_too(
        self, server: MockServer, first: str, second: str, status: int
    ) -> None:
        api = limited(server, {"requests": 1})
        paths = ["/v1/orders/" if token.startswith("oat") else ORDERS for token in (first, second)]

        assert [ask(api, first, paths[0]), ask(api, second, paths[1])] == [200, status]

    def test_when_two_members_are_of_one_customer_then_each_counts_alone(self, server: MockServer) -> None:
        api = world_of(server, {**TEAM, "rate_limits": {"requests": 1}})

        statuses = [ask(api, name, "/v1/customer-portal/customer-session/user") for name in ("owner", "plain", "owner")]

        assert statuses == [200, 200, 429]


class GivenAWorldWithoutALimit:
    def test_when_more_requests_come_than_any_profile_allows_then_all_are_answered(self, server: MockServer) -> None:
        api = limited(server, None)

        assert {ask(api, "customer") for _ in range(501)} == {200}
