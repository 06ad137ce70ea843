"""Differences listed in docs/fidelity.md are reported under their names and do not count; all others count."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract_tests.targets.control_api import Control, World, world_document
from contract_tests.tools.compare.comparing import Terms, Verdict, compare
from contract_tests.tools.compare.known import Known, entries
from contract_tests.tools.compare.matching import Matching
from contract_tests.tools.compare.page import page
from contract_tests.transport.exchanges import Exchange
from mock_server.testing import RunningMock, running_mock
from mutants.proxy import Answer, Forward, Request, proxy
from polar_contract.json_types import JsonObject, JsonValue
from tests.contract_tests.services import as_served
from tests.contract_tests.tools.compare.comparing import Compared, run_compare

_ROOT = Path(__file__).parents[4]
_READ = {"fields-of-newer-sdks", "member-sessions", "page-beyond-numbers", "uuid-words"}
_SHOWN_BY = {"orders:get", "orders:list", "member-sessions:create"}
_WRITTEN = {"unfit-country", "unfit-characters", "not-a-number"}
_KNOWN = re.compile(r"^  ([a-z-]+) +\d+ answers?, such as ", re.M)


@dataclass(frozen=True, slots=True)
class Account:
    """A live account of the service: a world of the mock behind a proxy that adds the service's known differences."""

    base_url: str
    mock: RunningMock
    world: World

    def compared(self, *arguments: str, table: Collection[str] = _SHOWN_BY) -> Compared:
        tokens = {f"POLAR_RIGHT_{kind.upper()}_TOKEN": self.world.tokens[kind] for kind in ("customer", "organization")}
        sides = ("--left", self.mock.base_url, "--right", self.base_url, "--as-live", "right")
        return run_compare(*sides, "--requests-per-minute", "90000", *arguments, environment=tokens, table=table)


@pytest.fixture(scope="module")
def account(good_mock: RunningMock) -> Iterator[Account]:
    """An account with deliveries, which a copy lacks."""
    control = Control(good_mock.base_url, lambda secret, name: None, 10.0)
    world = control.create({**world_document("core"), "revision": "0.1.0"})
    control.call("POST", f"/_mock/worlds/{world.id}/orders", _an_order("new"))
    control.call("POST", f"/_mock/worlds/{world.id}/settle")
    with proxy(good_mock.base_url, as_served) as live:
        yield Account(live.base_url, good_mock, world)
    world.delete()


def _an_order(key: str) -> JsonObject:
    return {"key": key, "customer": "main", "product": "atlas", "status": "paid"}


class GivenTheServiceOfAprilBesideAMock:
    def test_when_they_are_compared_then_no_unknown_difference_is_found_and_the_known_ones_are_named(
        self, account: Account
    ) -> None:
        compared = account.compared("--steps", "30")
        assert compared.exit_code == 0, compared.output
        assert set(_KNOWN.findall(compared.output)) == _READ
        assert "have no unknown difference" in compared.last_line

    def test_when_it_is_strict_then_all_of_them_count(self, account: Account) -> None:
        compared = account.compared("--steps", "0", "--strict")
        assert compared.exit_code == 1, compared.output
        assert {
            ("status", "member-sessions:create"),
            ("shape", "orders:list"),
            ("value", "orders:get"),
        } <= compared.found
        assert _KNOWN.findall(compared.output) == []

    def test_when_it_has_more_orders_than_are_copied_then_this_is_no_difference(self, account: Account) -> None:
        control, path = account.world.control, f"/_mock/worlds/{account.world.id}/orders"
        for number in range(101):
            control.call("POST", path, _an_order(f"more_{number}"))
        compared = account.compared("--steps", "0", table={"orders:list", "customer_portal:orders:list"})
        assert compared.exit_code == 0, compared.output
        assert "older orders" in compared.output

    def test_when_it_also_has_an_unknown_change_then_only_that_is_found(self, account: Account) -> None:
        def changed(request: Request, forward: Forward) -> Answer:
            answer = as_served(request, forward)
            return answer.but(body=answer.body.replace(b"ResourceNotFound", b"NotThere"))

        with proxy(account.mock.base_url, changed) as live:
            compared = Account(live.base_url, account.mock, account.world).compared(
                "--steps", "0", table={"orders:get"}
            )
        assert compared.exit_code == 1, compared.output
        assert {verdict for verdict, _ in compared.found} == {"error name"}


class GivenAMockThatBehavesAsServed:
    def test_when_table_and_stories_are_sent_to_both_then_no_unknown_difference_is_found(
        self, good_mock: RunningMock
    ) -> None:
        with running_mock() as other, proxy(good_mock.base_url, as_served) as served:
            sides = ("--left", served.base_url, "--right", other.base_url)
            compared = run_compare(*sides, "--steps", "150", "--no-checks")
        assert compared.exit_code == 0, compared.output
        assert "150 steps" in compared.output
        assert set(_KNOWN.findall(compared.output)) == _READ | _WRITTEN


def _answer(body: JsonValue, *, path: str = "/v1/orders/", status: int = 200, sent: bytes = b"") -> Exchange:
    return Exchange(
        method="GET",
        url=f"http://127.0.0.1:9{path}",
        path=path,
        request_headers={},
        request_body=sent,
        status=status,
        headers={"content-type": "application/json"},
        body=json.dumps(body).encode(),
        elapsed_seconds=0.0,
        operation_id="orders:list",
    )


_ALL = Known(entries())
_MOCK_IS_LEFT = Known(entries(), frozenset({"left"}))


class GivenAnAnswerThatDiffersAsAnEntrySays:
    def test_when_the_mock_has_a_newer_field_then_it_is_known(self) -> None:
        found = compare(_answer({"units": None}), _answer({}), Matching(), Terms(_MOCK_IS_LEFT))
        assert found.verdict is Verdict.KNOWN
        assert {name for name, _ in found.known} == {"fields-of-newer-sdks"}

    def test_when_it_is_the_service_that_has_it_then_it_is_not(self) -> None:
        found = compare(_answer({}), _answer({"units": None}), Matching(), Terms(_MOCK_IS_LEFT))
        assert found.verdict is Verdict.SHAPE

    @pytest.mark.parametrize("path", ["/v1/orders/", "/v1/orders/?page=10000"])
    def test_when_another_request_makes_the_service_fail_then_it_is_not(self, path: str) -> None:
        found = compare(_answer({}, path=path, status=422), _answer({}, status=500), Matching(), Terms(_ALL))
        assert found.verdict is Verdict.STATUS

    def test_when_more_differs_then_that_alone_is_found(self) -> None:
        left, right = _answer({"units": None, "amount": 1}), _answer({"amount": 2})
        found = compare(left, right, Matching(), Terms(_ALL))
        assert (found.verdict, [place.where for place in found.places]) == (Verdict.VALUE, ["body.amount"])

    @pytest.mark.parametrize(
        "sent", [b'{"country": null}', b'{"country": 7}', b'{"a": "\\u0000"}', b'{"a": NaN}', b'{"a": "\\ud800"}']
    )
    def test_when_the_body_is_one_that_made_it_fail_then_it_is_known(self, sent: bytes) -> None:
        found = compare(_answer({}, sent=sent, status=422), _answer({}, status=500), Matching(), Terms(_ALL))
        assert found.verdict is Verdict.KNOWN


class GivenThePageOfKnownDifferences:
    def test_when_it_is_made_again_then_it_stays_as_it_is(self) -> None:
        assert (_ROOT / "docs/fidelity.md").read_text("utf-8") == page().rstrip() + "\n"

    def test_when_an_entry_is_named_then_there_is_no_other_of_that_name(self) -> None:
        names = [entry.name for entry in entries()]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)

    def test_when_an_entry_shows_in_comparisons_then_a_test_covers_it(self) -> None:
        shown = {entry.name for entry in entries() if entry.shows}
        tested_below = {"order-of-texts", "portal-links", "body-limit", "deep-json"}
        assert shown == _READ | _WRITTEN | tested_below

    @pytest.mark.parametrize(
        ("name", "left", "right"),
        [
            ("portal-links", {"customer_portal_url": "/portal?x=1"}, {"customer_portal_url": "https://sandbox.polar.sh/portal?x=1"}),
            ("deep-json", 400, 422),
        ],
    )  # fmt: skip
    def test_when_a_place_is_what_an_entry_says_then_it_is_known(
        self, name: str, left: JsonObject | int, right: JsonObject | int
    ) -> None:
        here, there = (
            _answer({}, sent=b"[" * 300, status=one) if isinstance(one, int) else _answer(one) for one in (left, right)
        )
        found = compare(here, there, Matching(), Terms(_ALL))
        assert (found.verdict, {entry for entry, _ in found.known}) == (Verdict.KNOWN, {name})

    @pytest.mark.parametrize(
        ("size", "verdict"), [(4 * 1024 * 1024 + 1, Verdict.KNOWN), (4 * 1024 * 1024, Verdict.STATUS)]
    )
    def test_when_a_body_is_refused_for_its_size_then_only_one_above_the_limit_is_known(
        self, size: int, verdict: Verdict
    ) -> None:
        sent = b"x" * size
        found = compare(_answer({}, sent=sent, status=413), _answer({}, sent=sent, status=422), Matching(), Terms(_ALL))
        assert found.verdict is verdict
