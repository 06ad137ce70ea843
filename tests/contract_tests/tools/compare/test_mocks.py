"""Comparing two mocks: good mocks have no difference, and a planted defect is found."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterable
from functools import reduce

import pytest

from mock_server.testing import RunningMock, running_mock
from mutants.defects import planted
from mutants.proxy import Answer, Forward, Layer, Request, proxy
from tests.contract_tests.tools.compare.comparing import run_compare

_REQUEST, _GET, _LIST = "customer_portal:orders:generate_invoice", "customer_portal:orders:get", "orders:list"
# Defects that a single request shows, and the difference that is reported: one of each kind of difference and operation.
# Those of a group are planted together, because none of them hides another.
_FOUND_BY_THE_TABLE = {
    "answers": {
        "status: 202 of customer_portal:orders:generate_invoice as 200": ("status", _REQUEST),
        "error: a wrong error name": ("error name", _REQUEST),
        "id: orders:get finds no malformed id": ("status", "orders:get"),
        "body: max_page is called pages": ("shape", "customer_portal:orders:list"),
        "auth: customer_portal:orders:get answers another's object as refused, not absent": ("status", _GET),
    },
    "effects": {
        "rule: PATCH forgets": ("value", _LIST),
        "body: customer_portal:orders:generate_invoice 202 empty": ("shape", _REQUEST),
        "auth: no token needed": ("status", _GET),
    },
}
# The scenario that finds the first difference.
_FOUND_FIRST_BY = {
    "rule: unpaid accepted": "the table's row",
    "document: the document changes": "a story of the profile",
}

_ID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
_TOKEN = "polar_cst_" + "Q7z" * 14 + "q"
_TABLE_ALONE = ("--steps", "0", "--no-checks")
# Of the seeds from 1 up the first whose few steps show every defect below that only stories show.
_STEPS = ("--steps", "24", "--seed", "5")
_STORIES_ALONE = (*_STEPS, "--no-checks")


def _all_of(layers: Iterable[Layer]) -> Layer:
    """Each layer forwards to the one before it."""

    def over(inner: Layer, outer: Layer) -> Layer:
        return lambda request, forward: outer(request, lambda changed: inner(changed, forward))

    return reduce(over, layers)


def _failing_once() -> Layer:
    """Fails when the first document is fetched, which only stories do."""
    served = itertools.count()

    def layer(request: Request, forward: Forward) -> Answer:
        if request.path.startswith("/polar-customer-invoices/") and next(served) == 0:
            return Answer(500, {"content-type": "text/plain"}, b"Internal Server Error")
        return forward(request)

    return layer


def _slow(request: Request, forward: Forward) -> Answer:
    if request.is_on("GET", "/v1/orders/"):
        time.sleep(1.6)
    return forward(request)


def _sent_by_stories(mock: RunningMock, *, seed: str) -> list[tuple[str, str]]:
    """Method and path, without ids, of each request that a few steps send."""
    with proxy(mock.base_url, lambda request, forward: forward(request)) as left:
        sides = ("--left", left.base_url, "--right", mock.base_url)
        run_compare(*sides, "--steps", "12", "--seed", seed, "--no-checks", table=())
    return [(request.method, _ID.sub("ID", request.path)) for request in left.seen]


class GivenTwoMocks:
    """A command in docs/compare.md compares one with itself, and test_known.py two that show every known difference."""

    def test_when_they_are_compared_then_all_answers_are_the_same_and_no_side_sees_the_others_token(
        self, good_mock: RunningMock
    ) -> None:
        with proxy(good_mock.base_url, lambda request, forward: forward(request)) as left:
            sides = ("--left", left.base_url, "--right", good_mock.base_url, "--token-right", f"customer={_TOKEN}")
            compared = run_compare(*sides, *_STORIES_ALONE, table={_LIST, "member-sessions:create"})
        assert compared.exit_code == 0, compared.output
        assert "24 steps" in compared.output
        assert "answer the same" in compared.last_line
        assert len(left.seen) > 75
        assert _TOKEN not in {request.token for request in left.seen}

    def test_when_stories_run_then_the_seed_decides_which_steps_are_sent(self, good_mock: RunningMock) -> None:
        first, again, other = (_sent_by_stories(good_mock, seed=seed) for seed in ("1", "1", "2"))
        assert first == again
        assert first != other


class GivenAMockWithADefect:
    @pytest.mark.parametrize("group", _FOUND_BY_THE_TABLE)
    def test_when_the_table_is_sent_then_each_is_found(self, good_mock: RunningMock, group: str) -> None:
        expected = _FOUND_BY_THE_TABLE[group]
        table = {operation for _, operation in expected.values()} | {"customer_portal:orders:update"}
        with proxy(good_mock.base_url, _all_of(planted(name) for name in expected)) as faulty:
            sides = ("--left", good_mock.base_url, "--right", faulty.base_url)
            compared = run_compare(*sides, *_TABLE_ALONE, table=table)
        assert compared.exit_code == 1, compared.output
        assert {name: found for name, found in expected.items() if found not in compared.found} == {}

    def test_when_stories_run_then_it_is_found(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, planted("rule: a second request is announced again")) as faulty:
            sides = ("--left", faulty.base_url, "--right", good_mock.base_url)
            compared = run_compare(*sides, *_STORIES_ALONE, table=())
        assert compared.exit_code == 1, compared.output
        assert compared.found == {("value", "webhooks:list_webhook_deliveries")}
        story = compared.output.partition("steps before the last one:\n")[2].partition("\n\n")[0]
        commands = [line for line in story.splitlines() if line.startswith("    curl ")]
        # More than twelve steps led to it; an order, an invoice and its time are needed at least.
        assert 3 <= len(commands) <= 14
        assert "{order:1}" in story

    def test_when_only_a_receiver_of_webhooks_shows_it_then_the_contract_tests_find_it(
        self, good_mock: RunningMock
    ) -> None:
        with proxy(good_mock.base_url, planted("webhook: signed with another secret")) as faulty:
            sides = ("--left", good_mock.base_url, "--right", faulty.base_url)
            compared = run_compare(*sides, "--steps", "0", "--fail-fast", table=(), checks={"webhooks"})
        assert compared.exit_code == 1, compared.output
        assert compared.found == {("value", "customer_portal:orders:update")}
        assert "found by the contract test" in compared.output
        assert "passes" in compared.output

    @pytest.mark.parametrize(("name", "found_by"), _FOUND_FIRST_BY.items())
    def test_when_the_first_difference_is_enough_then_no_other_is_looked_for(
        self, good_mock: RunningMock, name: str, found_by: str
    ) -> None:
        with proxy(good_mock.base_url, planted(name)) as faulty:
            sides = ("--left", good_mock.base_url, "--right", faulty.base_url)
            compared = run_compare(*sides, *_STEPS, "--fail-fast", table={_REQUEST})
        assert compared.exit_code == 1, compared.output
        assert len(compared.found) == 1
        assert f"found by {found_by}" in compared.output
        assert "the first difference ended the comparison" in compared.last_line

    def test_when_it_gives_no_response_or_fails_then_these_are_differences_in_status(
        self, good_mock: RunningMock
    ) -> None:
        names = ("unreliable: a POST is dropped now and then", "unreliable: a 500 now and then")
        with proxy(good_mock.base_url, _all_of(map(planted, names))) as faulty:
            sides = ("--left", faulty.base_url, "--right", good_mock.base_url)
            compared = run_compare(*sides, "--steps", "0", table={"orders:get", _REQUEST, "orders:generate_invoice"})
        assert compared.exit_code == 1, compared.output
        assert {verdict for verdict, _ in compared.found} == {"status"}
        assert "no complete answer" in compared.output
        assert "500 Internal Server Error" in compared.output

    @pytest.mark.parametrize(("steps", "table"), [("0", None), ("40", ())], ids=["by the table", "by stories"])
    def test_when_the_time_limit_is_reached_first_then_there_is_no_result(
        self, good_mock: RunningMock, steps: str, table: tuple[str, ...] | None
    ) -> None:
        sides = ("--left", good_mock.base_url, "--right", good_mock.base_url)
        compared = run_compare(*sides, "--steps", steps, "--no-checks", "--max-time", "0.05", table=table)
        assert compared.exit_code == 2, compared.output
        assert "could not be compared: The 0.05 seconds of --max-time are over." in compared.last_line

    def test_when_it_is_slow_then_this_is_a_difference_that_ends_the_comparison(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, _slow) as faulty:
            sides = ("--left", good_mock.base_url, "--right", faulty.base_url)
            compared = run_compare(*sides, *_TABLE_ALONE, table={_LIST})
        assert compared.exit_code == 1, compared.output
        assert {verdict for verdict, _ in compared.found} == {"value"}
        assert "seconds until the answer" in compared.output
        assert "the right mock takes more than 1.5 seconds longer" in compared.last_line

    def test_when_a_story_fails_only_once_then_it_is_called_unsteady(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, _failing_once()) as faulty:
            sides = ("--left", good_mock.base_url, "--right", faulty.base_url)
            compared = run_compare(*sides, *_STORIES_ALONE, table=())
        assert compared.exit_code == 1, compared.output
        assert "does not always answer the same" in compared.output

    def test_when_it_is_found_then_both_answers_and_a_command_for_each_are_shown(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, planted("error: a wrong error name")) as faulty:
            sides = ("--left", good_mock.base_url, "--right", faulty.base_url)
            compared = run_compare(*sides, *_TABLE_ALONE, table={_REQUEST})
        output = " ".join(compared.output.split())
        assert "error NotPaidOrder OrderNotPaid" in output
        assert f"left curl -i -X POST {good_mock.base_url}/v1/customer-portal/orders/" in output
        assert f"right curl -i -X POST {faulty.base_url}/v1/customer-portal/orders/" in output
        assert "Bearer <customer token>" in output
        assert "polar_cst_" not in output


def test_when_a_later_revision_is_compared_then_stories_of_what_it_adds_find_a_defect_of_it() -> None:
    def undrafted(request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if not (request.is_on("POST", "/v1/orders/") and answer.status == 201):
            return answer
        return answer.but(body=answer.body.replace(b'"status":"draft"', b'"status":"pending"'))

    with running_mock(revision="2026-10") as mock, proxy(mock.base_url, undrafted) as left:
        sides = ("--left", left.base_url, "--right", mock.base_url, "--revision", "2026-10")
        compared = run_compare(*sides, "--steps", "60", "--no-checks", table=())

    assert compared.exit_code == 1, compared.output
    assert "drafts" in compared.output
