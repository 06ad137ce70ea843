"""Comparing two mocks: good mocks have no difference, and a planted defect is found."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

import pytest

from mock_server.testing import RunningMock, running_mock
from mutants.defects import planted
from mutants.proxy import Answer, Forward, Layer, Request, proxy
from tests.contract_tests.tools.compare.comparing import Compared, run_compare

_REQUEST = "customer_portal:orders:generate_invoice"
# Defects that a single request shows, and the difference that is reported: one of each kind of difference and operation.
# Those of a group are planted together, because a comparison takes seconds and none of them hides another.
_FOUND_BY_THE_TABLE = {
    "invoices and ids": {
        "status: 202 of customer_portal:orders:generate_invoice as 200": ("status", _REQUEST),
        "error: a wrong error name": ("error name", _REQUEST),
        "id: orders:get finds no malformed id": ("status", "orders:get"),
    },
    "changes": {"rule: PATCH forgets": ("value", "orders:list")},
    "bodies and access": {
        "body: customer_portal:orders:generate_invoice 202 empty": ("shape", _REQUEST),
        "body: max_page is called pages": ("shape", "customer_portal:orders:list"),
        "auth: customer_portal:orders:get answers another's object as refused, not absent": (
            "status",
            "customer_portal:orders:get",
        ),
    },
    "tokens": {"auth: no token needed": ("status", "customer_portal:orders:get")},
}
# Defects that show only after other requests.
_FOUND_BY_STORIES = {
    "rule: a second request is announced again": "webhooks:list_webhook_deliveries",
}
# The scenario that finds the first difference.
_FOUND_FIRST_BY = {
    "rule: unpaid accepted": "the table's row",
    "document: the document changes": "a story of the profile",
}

_TOKEN = "polar_cst_" + "Q7z" * 14 + "q"
_TABLE_ALONE = ("--steps", "0", "--no-checks")
_SOME_STEPS = ("--steps", "60", "--no-checks")


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


def _stalling_once() -> Layer:
    """Answers the first list late, as on a busy machine."""
    served = itertools.count()

    def layer(request: Request, forward: Forward) -> Answer:
        if request.is_on("GET", "/v1/customer-portal/orders/") and request.token and next(served) == 0:
            time.sleep(1.7)
        return forward(request)

    return layer


@dataclass(frozen=True, slots=True)
class OfTwo:
    """A comparison of two good mocks, and the requests that the left one got."""

    compared: Compared
    seen_on_the_left: list[Request]


@pytest.fixture(scope="module")
def of_two(good_mock: RunningMock) -> Iterator[OfTwo]:
    with running_mock() as other, proxy(good_mock.base_url, lambda request, forward: forward(request)) as left:
        sides = ("--left", left.base_url, "--right", other.base_url, "--token-right", f"customer={_TOKEN}")
        compared = run_compare(*sides, "--steps", "150", "--seed", "1", "--no-checks")
        yield OfTwo(compared, left.seen)


class GivenTwoMocks:
    """A command in docs/compare.md compares one with itself."""

    def test_when_150_steps_are_taken_then_all_answers_are_the_same(self, of_two: OfTwo) -> None:
        assert of_two.compared.exit_code == 0, of_two.compared.output
        assert "150 steps" in of_two.compared.output
        assert "answer the same" in of_two.compared.last_line

    def test_when_a_token_for_one_side_is_given_then_the_other_side_never_sees_it(self, of_two: OfTwo) -> None:
        assert len(of_two.seen_on_the_left) > 150
        assert _TOKEN not in {request.token for request in of_two.seen_on_the_left}


class GivenAMockWithADefect:
    @pytest.mark.parametrize("group", _FOUND_BY_THE_TABLE)
    def test_when_the_table_is_sent_then_each_is_found(self, good_mock: RunningMock, group: str) -> None:
        expected = _FOUND_BY_THE_TABLE[group]
        with proxy(good_mock.base_url, _all_of(planted(name) for name in expected)) as faulty:
            compared = run_compare("--left", good_mock.base_url, "--right", faulty.base_url, *_TABLE_ALONE)
        assert compared.exit_code == 1, compared.output
        assert {name: found for name, found in expected.items() if found not in compared.found} == {}

    @pytest.mark.parametrize("name", _FOUND_BY_STORIES)
    def test_when_stories_run_then_it_is_found(self, good_mock: RunningMock, name: str) -> None:
        with proxy(good_mock.base_url, planted(name)) as faulty:
            compared = run_compare(
                "--left", faulty.base_url, "--right", good_mock.base_url, "--steps", "60", "--seed", "2", "--no-checks"
            )
        assert compared.exit_code == 1, compared.output
        assert compared.found == {("value", _FOUND_BY_STORIES[name])}
        story = compared.output.partition("steps before the last one:\n")[2].partition("\n\n")[0]
        commands = [line for line in story.splitlines() if line.startswith("    curl ")]
        # More than twenty steps led to it; an order, an invoice and its time are needed at least.
        assert 3 <= len(commands) <= 14
        assert "{order:1}" in story

    def test_when_only_a_receiver_of_webhooks_shows_it_then_the_contract_tests_find_it(
        self, good_mock: RunningMock
    ) -> None:
        with proxy(good_mock.base_url, planted("webhook: signed with another secret")) as faulty:
            sides = ("--left", good_mock.base_url, "--right", faulty.base_url)
            compared = run_compare(*sides, "--steps", "0", "--fail-fast")
        assert compared.exit_code == 1, compared.output
        assert compared.found == {("value", "customer_portal:orders:update")}
        assert "found by the contract test" in compared.output
        assert "passes" in compared.output

    @pytest.mark.parametrize(("name", "found_by"), _FOUND_FIRST_BY.items())
    def test_when_the_first_difference_is_enough_then_no_other_is_looked_for(
        self, good_mock: RunningMock, name: str, found_by: str
    ) -> None:
        with proxy(good_mock.base_url, planted(name)) as faulty:
            compared = run_compare(
                "--left", good_mock.base_url, "--right", faulty.base_url, "--steps", "60", "--seed", "2", "--fail-fast"
            )
        assert compared.exit_code == 1, compared.output
        assert len(compared.found) == 1
        assert f"found by {found_by}" in compared.output
        assert "the first difference ended the comparison" in compared.last_line

    def test_when_it_gives_no_response_then_this_is_a_difference_in_status(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, planted("unreliable: a POST is dropped now and then")) as faulty:
            compared = run_compare("--left", faulty.base_url, "--right", good_mock.base_url, "--steps", "0")
        assert compared.exit_code == 1, compared.output
        assert {verdict for verdict, _ in compared.found} == {"status"}
        assert "no complete answer" in compared.output

    @pytest.mark.parametrize("steps", ["0", "40"])
    def test_when_the_time_limit_is_reached_first_then_there_is_no_result(
        self, good_mock: RunningMock, steps: str
    ) -> None:
        sides = ("--left", good_mock.base_url, "--right", good_mock.base_url)
        compared = run_compare(*sides, "--steps", steps, "--no-checks", "--max-time", "0.05")
        assert compared.exit_code == 2, compared.output
        assert "could not be compared: The 0.05 seconds of --max-time are over." in compared.last_line

    def test_when_it_is_slow_then_this_is_a_difference_that_ends_the_comparison(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, planted("unreliable: lists are slow")) as faulty:
            compared = run_compare("--left", good_mock.base_url, "--right", faulty.base_url, *_TABLE_ALONE)
        assert compared.exit_code == 1, compared.output
        assert {verdict for verdict, _ in compared.found} == {"value"}
        assert "seconds until the answer" in compared.output
        assert "the right mock takes more than 1.5 seconds longer" in compared.last_line

    def test_when_the_good_one_stalls_once_then_the_slow_one_is_found_all_the_same(
        self, good_mock: RunningMock
    ) -> None:
        slow = planted("unreliable: every answer is slow")
        with proxy(good_mock.base_url, _stalling_once()) as good, proxy(good_mock.base_url, slow) as faulty:
            compared = run_compare("--left", good.base_url, "--right", faulty.base_url, *_TABLE_ALONE)
        assert compared.exit_code == 1, compared.output
        assert "the right mock takes more than 1.5 seconds longer" in compared.last_line

    def test_when_it_fails_sometimes_then_it_is_found(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, planted("unreliable: a 500 now and then")) as faulty:
            compared = run_compare("--left", good_mock.base_url, "--right", faulty.base_url, *_TABLE_ALONE)
        assert compared.exit_code == 1, compared.output
        assert {verdict for verdict, _ in compared.found} == {"status"}

    def test_when_a_story_fails_only_once_then_it_is_called_unsteady(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, _failing_once()) as faulty:
            compared = run_compare("--left", good_mock.base_url, "--right", faulty.base_url, *_SOME_STEPS)
        assert compared.exit_code == 1, compared.output
        assert "does not always answer the same" in compared.output

    def test_when_it_is_found_then_both_answers_and_a_command_for_each_are_shown(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, planted("error: a wrong error name")) as faulty:
            compared = run_compare("--left", good_mock.base_url, "--right", faulty.base_url, *_TABLE_ALONE)
        output = " ".join(compared.output.split())
        assert "error NotPaidOrder OrderNotPaid" in output
        assert f"left curl -i -X POST {good_mock.base_url}/v1/customer-portal/orders/" in output
        assert f"right curl -i -X POST {faulty.base_url}/v1/customer-portal/orders/" in output
        assert "Bearer <customer token>" in output
        assert "polar_cst_" not in output
