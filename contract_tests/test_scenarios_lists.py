"""Stories of lists that are longer than their longest page. Mock only; what a page has to be is told by `traces/pages.py`."""

from __future__ import annotations

import pytest

from contract_tests.exchanges import Exchange
from contract_tests.rules import Rule
from contract_tests.stories import Story
from polar_contract.json_types import JsonObject

_MORE_THAN_A_PAGE = 101
_SIDES = (_PORTAL, _ORGANIZATION) = ("customer_portal:orders:list", "orders:list")


@pytest.fixture(scope="module")
def crowd(read_story: Story) -> Story:
    """A customer of more orders than a page can hold, no two of the same amount; another one has a single order."""
    for number in range(_MORE_THAN_A_PAGE):
        _make_order(read_story, f"crowd_{number}", "main", amount=7 + 93 * number)
    _make_order(read_story, "bargain", "main", amount=9000, discount=8950)
    _make_order(read_story, "single", "other", amount=300)
    return read_story


class GivenMoreOrdersThanAPageHolds:
    def test_when_the_longest_page_is_asked_for_then_it_holds_a_hundred(self, crowd: Story) -> None:
        for side in _SIDES:
            for limit in ("100", "1000"):
                _listed(crowd, side, limit=limit)
                _listed(crowd, side, limit=limit, page="2")

    def test_when_they_are_sorted_then_amounts_are_numbers(self, crowd: Story) -> None:
        for side in _SIDES:
            for sorting in ("amount", "-amount", "net_amount"):
                _listed(crowd, side, limit="100", sorting=sorting)

    def test_when_they_are_sorted_then_so_are_their_numbers(self, crowd: Story) -> None:
        for sorting in ("invoice_number", "-invoice_number"):
            _listed(crowd, _ORGANIZATION, limit="100", sorting=sorting)

    def test_when_the_page_is_told_twice_then_the_last_one_counts(self, crowd: Story) -> None:
        for side in _SIDES:
            _listed(crowd, side, limit="100", page=["900", "1"])
            _listed(crowd, side, limit="100", page=["1", "900"])

    def test_when_two_customers_are_asked_for_then_both_are_there(self, crowd: Story) -> None:
        ids = crowd.fixtures.ids
        every = _total(_listed(crowd, _ORGANIZATION))
        main = _total(_listed(crowd, _ORGANIZATION, customer_id=ids["customer:main"]))
        both = _listed(crowd, _ORGANIZATION, customer_id=[ids["customer:main"], ids["customer:other"]])
        if (main, _total(both)) != (every - 1, every):
            got = f"{main} of one customer and {_total(both)} of both, of {every} orders"
            crowd.fail(both, Rule.FILTERED, f"{every - 1} and {every}", got)


def _make_order(story: Story, key: str, customer: str, *, amount: int, discount: int = 0) -> None:
    order: JsonObject = {
        "key": key,
        "customer": customer,
        "product": "guide",
        "status": "paid",
        "subtotal_amount": amount,
        "discount_amount": discount,
    }
    story.world.control.call("POST", f"/_mock/worlds/{story.world.id}/orders", order)


def _listed(story: Story, side: str, **query: str | list[str]) -> Exchange:
    who = "customer" if side == _PORTAL else "organization"
    exchange = story.context.client.send(side, token=story.fixtures.token(who), query=query)
    return story.context.rules.check(exchange, status=200)


def _total(exchange: Exchange) -> int:
    answer = exchange.json()
    pagination = answer.get("pagination") if isinstance(answer, dict) else None
    total = pagination.get("total_count") if isinstance(pagination, dict) else None
    return total if isinstance(total, int) else -1
