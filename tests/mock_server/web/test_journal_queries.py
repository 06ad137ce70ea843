"""Searching and verifying a journal, and how much of it is kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.web.conftest import ACME, UNKNOWN_ID, Api, problems_of, world_of

GENERATE = "customer_portal:orders:generate_invoice"


def entries(api: Api, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.in_world("GET", f"/journal{query}")["items"]
    return items


@pytest.fixture
def busy(api: Api) -> Api:
    """A world after five requests, of which the third and the fourth are alike."""
    invoice = f"{api.order('paid')}/invoice"
    api.send("GET", "/v1/customer-portal/orders/", token="customer")
    api.send("GET", api.org_order("unpaid"), token="oat")
    api.send("POST", invoice, token="customer")
    api.send("POST", invoice, token="customer")
    api.send("POST", f"{api.order('unpaid')}/invoice", token="customer")
    return api


class GivenFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", [1, 2, 3, 4, 5]),
            (f"?operation={GENERATE}", [3, 4, 5]),
            ("?status=202", [3, 4]),
            ("?status=4xx", [5]),
            ("?order=unpaid", [2, 5]),
            ("?token=oat", [2]),
            ("?method=post&order=paid", [3, 4]),
            ("?after=3", [4, 5]),
            ("?limit=2", [4, 5]),
            ("?limit=0", []),
            (f"?order={UNKNOWN_ID}", []),
            ("?since=2020-01-01T00:00:00Z&status=200", [1, 2]),
            ("?since=2999-01-01T00:00:00Z", []),
        ],
    )
    def test_when_a_journal_is_searched_then_what_matches_comes_oldest_first(
        self, busy: Api, query: str, found: list[int]
    ) -> None:
        assert [entry["number"] for entry in entries(busy, query)] == found
        if "limit" not in query:
            assert busy.in_world("GET", f"/journal/count{query}") == {"count": len(found)}

    def test_when_an_order_is_named_by_its_id_then_the_same_is_found(self, busy: Api) -> None:
        assert entries(busy, f"?order={busy.world['ids']['order:unpaid']}") == entries(busy, "?order=unpaid")

    @pytest.mark.parametrize(
        ("query", "path", "said"),
        [
            ("operation=orders:generate", "operation", "the nearest are: orders:get"),
            ("order=nope", "order", "this world has: paid, unpaid"),
            ("token=nope", "token", "this world has: customer"),
            ("status=99", "status", "has to be a status such as 202"),
            ("since=yesterday", "since", "has to be a time"),
            ("after=-1", "after", "0 or more"),
            ("limit=many", "limit", "0 or more"),
            ("colour=red", "colour", "possible are: operation, method"),
        ],
    )
    def test_when_one_does_not_fit_then_the_answer_names_it_and_what_is_possible(
        self, busy: Api, query: str, path: str, said: str
    ) -> None:
        assert said in problems_of(busy, "GET", f"/journal?{query}", None)[path]


class GivenAVerification:
    @pytest.mark.parametrize(
        ("wanted", "count"),
        [
            ({"operation": GENERATE, "order": "paid", "times": 2}, 2),
            ({"operation": GENERATE}, 3),
            ({"order": "paid", "token": "oat", "times": 0}, 0),
            ({"status": 202, "times": {"at_least": 1, "at_most": 2}}, 2),
            ({"times": {"at_most": 9}}, 5),
        ],
    )
    def test_when_as_many_arrived_as_are_wanted_then_the_answer_is_200_with_their_numbers(
        self, busy: Api, wanted: dict[str, Any], count: int
    ) -> None:
        verified = busy.in_world("POST", "/journal/verify", wanted)

        assert (verified["count"], len(verified["numbers"])) == (count, count)

    @pytest.mark.parametrize(
        ("wanted", "said", "differs_in"),
        [
            ({"operation": GENERATE, "order": "paid", "times": 1}, "exactly once and arrived 2 times", None),
            ({"operation": GENERATE, "order": "paid", "status": 409}, "number 4, POST", ["status"]),
            ({"operation": GENERATE, "order": "no_name"}, "number 5, POST", ["order"]),
            ({"operation": GENERATE, "token": "oat"}, "its token is customer, not oat", ["token"]),
            ({"times": 0}, "never and arrived 5 times", None),
            (
                {"operation": "orders:update", "order": "unpaid", "method": "PATCH"},
                "number 5, POST",
                ["operation", "method"],
            ),
        ],
    )
    def test_when_another_number_arrived_then_the_answer_is_409_and_explains_the_nearest(
        self, busy: Api, wanted: dict[str, Any], said: str, differs_in: list[str] | None
    ) -> None:
        answer = busy.send("POST", f"/_mock/worlds/{busy.world['id']}/journal/verify", body=wanted)

        assert (answer.status_code, answer.json["error"]) == (409, "NotVerified")
        assert said in answer.json["detail"]
        assert (answer.json["nearest"] or {}).get("differs_in") == differs_in

    @pytest.mark.parametrize(
        ("wanted", "path", "said"),
        [
            ({"times": "many"}, "times", "0 or more"),
            ({"times": -1}, "times", "0 or more"),
            ({"times": True}, "times", "whole number"),
            ({"times": {"at_least": 3, "at_most": 1}}, "times.at_most", "less than at_least, 3"),
            ({"times": {"least": 3}}, "times.least", "did you mean at_least?"),
            ({"operation": 5}, "operation", "has to be a text"),
            ({"status": True}, "status", "has to be a status"),
            ({"limit": 5}, "limit", "unknown key"),
        ],
    )
    def test_when_it_does_not_fit_then_the_answer_names_the_path(
        self, busy: Api, wanted: dict[str, Any], path: str, said: str
    ) -> None:
        assert said in problems_of(busy, "POST", "/journal/verify", wanted)[path]


class GivenALimit:
    def test_when_a_world_keeps_two_then_older_ones_are_forgotten(self, busy: Api) -> None:
        busy.in_world("PATCH", "", {"journal": {"kept_requests": 2}})
        busy.send("GET", "/v1/customer-portal/orders/", token="customer")

        assert [entry["number"] for entry in entries(busy)] == [5, 6]

    def test_when_a_world_keeps_none_then_nothing_is_added(self, busy: Api) -> None:
        busy.in_world("PATCH", "", {"journal": {"kept_requests": 0}})
        busy.send("GET", "/v1/customer-portal/orders/", token="customer")

        assert busy.in_world("GET", "/journal")["last_number"] == 5

    def test_when_the_limit_is_negative_then_it_is_refused(self, busy: Api) -> None:
        problems = problems_of(busy, "PATCH", "", {"journal": {"kept_requests": -1}})
        assert problems == {"journal.kept_requests": "is -1; it has to be at least 0"}

    @pytest.mark.parametrize(("method", "path"), [("POST", "/reset"), ("DELETE", "/journal")])
    def test_when_the_world_is_reset_or_the_journal_deleted_then_it_is_empty(
        self, busy: Api, method: str, path: str
    ) -> None:
        busy.in_world(method, path)

        assert entries(busy) == []

    def test_when_another_world_is_asked_then_it_has_none_of_these(self, busy: Api) -> None:
        assert entries(world_of(busy.server, ACME)) == []
