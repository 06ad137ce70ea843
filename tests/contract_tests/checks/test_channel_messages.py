"""Messages for Discord and Slack: the service's pass, and each kind of wrong part breaks its rule."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.checks.channel_messages import NEW, REFUNDED, message_problems
from contract_tests.checks.rules import Rule
from contract_tests.transport.deliveries import Delivery
from polar_contract.json_types import JsonObject
from tests.contract_tests.checks.answers import order, rules_of

_FOOTER = "Powered by Polar.sh"
_NEW = {"Product": "Atlas", "Customer": "ada@example.com", "Amount": "$10.00"}
_REFUNDED = {"Product": "Atlas", "Customer": "ada@example.com", "Refunded": "$4.00"}
_FULL = {**_REFUNDED, "Refunded": "$10.00", "Fully Refunded": "Yes"}
Change = Callable[[Any], None]


def discord(title: str = NEW, **facts: str) -> Any:
    embed = {
        "description": "New order has been made to Acme.",
        "fields": [{"name": name, "value": value} for name, value in facts.items()],
        "color": 25343,
        "footer": {"text": _FOOTER},
        "author": {"name": "Polar.sh", "icon_url": "https://x.test/a.png"},
        "thumbnail": {"url": "https://x.test/b.png"},
    }
    return {"content": title, "embeds": [embed]}


def slack(title: str = NEW, **facts: str) -> Any:
    section = {
        "text": {"type": "mrkdwn", "text": "New order has been made to Acme."},
        "fields": [{"type": "mrkdwn", "text": f"*{name}*\n{value}"} for name, value in facts.items()],
    }
    closing = {"type": "context", "elements": [{"type": "image"}, {"type": "mrkdwn", "text": _FOOTER}]}
    return {"text": title, "blocks": [section, closing]}


def broken(form: str, body: Any, *, title: str = NEW, of: JsonObject | None = None) -> set[Rule]:
    made = Delivery("POST", "/hook", {}, json.dumps(body).encode(), 0.0, 200)
    return rules_of(message_problems(made, form, title=title, order=of or order(), organization="Acme"))


@pytest.mark.parametrize(("form", "make"), [("discord", discord), ("slack", slack)], ids=["discord", "slack"])
class GivenAMessage:
    @pytest.mark.parametrize(
        ("title", "facts", "of"),
        [
            (NEW, _NEW, {}),
            (NEW, {**_NEW, "Amount": "CHF 10.00"}, {"currency": "chf"}),
            (NEW, {**_NEW, "Product": "Seats"}, {"product": None, "description": "Seats"}),
            (REFUNDED, _REFUNDED, {"status": "partially_refunded", "refunded_amount": 400}),
            (REFUNDED, _FULL, {"status": "refunded", "refunded_amount": 1000}),
        ],
        ids=["new", "a rare currency", "no product", "refunded in part", "refunded"],
    )
    def test_when_it_is_the_services_then_no_rule_is_broken(
        self, form: str, make: Callable[..., Any], title: str, facts: dict[str, str], of: JsonObject
    ) -> None:
        assert broken(form, make(title, **facts), title=title, of=order(**of)) == set()

    @pytest.mark.parametrize(
        ("title", "facts", "of"),
        [
            (REFUNDED, _NEW, {}),
            (NEW, {**_NEW, "Product": "Atlases"}, {}),
            (NEW, {**_NEW, "Customer": "bob@example.com"}, {}),
            (NEW, {**_NEW, "Amount": "$110.00"}, {}),
            (NEW, {**_NEW, "Amount": "10.00"}, {}),
            (NEW, {**_NEW, "Amount": "CHF 110.00"}, {"currency": "chf"}),
            (NEW, {"Product": "Atlas", "Customer": "ada@example.com"}, {}),
            (NEW, {**_NEW, "Fully Refunded": "Yes"}, {}),
        ],
        ids=[
            *("another event", "another product", "another customer", "another amount", "no currency"),
            *("another amount of a rare currency", "no amount", "refunded when new"),
        ],
    )
    def test_when_a_fact_is_wrong_then_its_rule_is_broken(
        self, form: str, make: Callable[..., Any], title: str, facts: dict[str, str], of: JsonObject
    ) -> None:
        assert broken(form, make(title, **facts), of=order(**of)) == {Rule.CHANNEL_TEXT}

    @pytest.mark.parametrize("is_told", [True, False], ids=["in part", "in full"])
    def test_when_it_says_another_extent_of_the_refund_then_its_rule_is_broken(
        self, form: str, make: Callable[..., Any], is_told: bool
    ) -> None:
        facts = {**_REFUNDED, **({"Fully Refunded": "Yes"} if is_told else {})}
        of = order(status="partially_refunded" if is_told else "refunded", refunded_amount=400)
        assert broken(form, make(REFUNDED, **facts), title=REFUNDED, of=of) == {Rule.CHANNEL_TEXT}

    def test_when_it_names_another_organization_then_its_rule_is_broken(
        self, form: str, make: Callable[..., Any]
    ) -> None:
        body = json.loads(json.dumps(make(**_NEW)).replace("Acme", "Beta"))
        assert broken(form, body) == {Rule.CHANNEL_TEXT}

    @pytest.mark.parametrize("key", ["type", "username"])
    def test_when_it_has_other_keys_then_its_rule_is_broken(
        self, form: str, make: Callable[..., Any], key: str
    ) -> None:
        assert broken(form, {**make(**_NEW), key: "x"}) == {Rule.CHANNEL_FORMAT}

    def test_when_it_has_the_other_channels_form_then_its_rule_is_broken(
        self, form: str, make: Callable[..., Any]
    ) -> None:
        assert broken("slack" if form == "discord" else "discord", make(**_NEW)) == {Rule.CHANNEL_FORMAT}


def _without(*path: str | int) -> Change:
    def change(body: Any) -> None:
        for part in path[:-1]:
            body = body[part]
        del body[path[-1]]

    return change


@pytest.mark.parametrize(
    ("form", "change"),
    [
        ("discord", _without("embeds", 0, "color")),
        ("discord", _without("embeds", 0, "footer")),
        ("discord", _without("embeds", 0, "author", "icon_url")),
        ("discord", _without("embeds", 0, "thumbnail")),
        ("slack", _without("blocks", 1, "elements", 0)),
        ("slack", _without("blocks", 1, "elements", 1)),
        ("slack", _without("blocks", 1)),
    ],
    ids=["color", "footer", "icon", "thumbnail", "image", "text", "closing"],
)
def test_when_a_part_of_the_style_is_missing_then_its_rule_is_broken(form: str, change: Change) -> None:
    body = copy.deepcopy((discord if form == "discord" else slack)(**_NEW))
    change(body)
    assert broken(form, body) == {Rule.CHANNEL_STYLE}
