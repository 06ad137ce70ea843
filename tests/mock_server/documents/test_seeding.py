"""From a document to a world seed: defaults, names, ids, tokens and sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mock_server.domain.customers import CustomerType
from mock_server.domain.ids import token_from
from mock_server.domain.sessions import ORGANIZATION_SCOPES, SESSION_SCOPES, CredentialKind
from mock_server.store.errors import NameTaken
from tests.mock_server.documents.worlds import AN_ID, JANE, seeded
from tests.mock_server.factories import NOW

HOUR = timedelta(hours=1)
A_TOKEN = token_from("polar_cst_", "a" * 37)
MEMBERS = {"owner": {"role": "owner"}, "plain": {}}
SHOP: dict[str, Any] = {
    "organization": {"slug": "shop"},
    "products": {"pro": {"benefits": ["Support", "Updates"]}, "club": {"recurring_interval": "year"}},
    "customers": {"main": {**JANE, "members": MEMBERS}, "other": {"members": {"owner": {"role": "owner"}}}},
    "tokens": {"customer": {"kind": "customer_session", "customer": "main"}},
    "subscriptions": {"yearly": {"customer": "main", "product": "club"}},
    "orders": {"paid": {"customer": "main", "product": "pro"}},
    "webhook_endpoints": {"app": {"url": "http://127.0.0.1:3000/"}},
}


class GivenAWorldWithNames:
    def test_then_every_name_leads_to_its_id(self) -> None:
        world = seeded(SHOP)
        (order,), (subscription,), (endpoint,) = world.orders, world.subscriptions, world.endpoints
        pro, club = world.products
        main, other = world.customers

        assert world.ids == {
            "organization:shop": world.organization.id,
            "price:pro": pro.price.id,
            "product:pro": pro.id,
            "benefit:pro": pro.benefits[0].id,
            "price:club": club.price.id,
            "product:club": club.id,
            "customer:main": main.id,
            "customer:other": other.id,
            "member:main.owner": main.members[0].id,
            "member:plain": main.members[1].id,
            "member:other.owner": other.members[0].id,
            "subscription:yearly": subscription.id,
            "order:paid": order.id,
            "item:paid": order.items[0].id,
            "endpoint:app": endpoint.id,
        }

    def test_then_no_two_things_share_an_id(self) -> None:
        ids = seeded(SHOP).ids.values()

        assert len(set(ids)) == len(ids)

    def test_then_a_seed_makes_the_same_world_again(self) -> None:
        assert seeded(SHOP, seed=7) == seeded(SHOP, seed=7)

    def test_then_what_is_left_out_has_a_sensible_default(self) -> None:
        world = seeded(SHOP)

        assert world.organization.invoice_prefix == "SHOP"
        assert world.customers[1].type is CustomerType.INDIVIDUAL
        assert world.endpoints[0].secret.text.startswith("polar_whs_")

    @pytest.mark.parametrize(("interval", "days"), [("day", 1), ("week", 7), ("month", 30), ("year", 365)])
    def test_then_a_subscriptions_period_is_as_long_as_its_interval(self, interval: str, days: int) -> None:
        document = {**SHOP, "products": {"pro": {}, "club": {"recurring_interval": interval, "price_amount": 2000}}}

        (subscription,) = seeded(document).subscriptions

        assert subscription.current_period_end - subscription.current_period_start == timedelta(days=days)
        assert subscription.amount_cents == 2000

    def test_when_customers_have_members_then_nobody_is_added_to_them(self) -> None:
        world = seeded({"organization": {"member_model": True}, "customers": {"main": JANE}})

        assert world.customers[0].members == ()


class GivenTokens:
    @pytest.mark.parametrize(
        ("token", "scopes", "lifetime"),
        [
            ({"kind": "customer_session"}, SESSION_SCOPES, HOUR),
            ({"kind": "member_session", "member": "plain"}, SESSION_SCOPES, HOUR),
            ({"kind": "organization_access_token"}, ORGANIZATION_SCOPES, None),
            ({"kind": "customer_session", "scopes": ["a", "b"]}, {"a", "b"}, HOUR),
            ({"kind": "organization_access_token", "scopes": []}, set(), None),
            ({"kind": "customer_session", "expires_in_seconds": -3600}, SESSION_SCOPES, -HOUR),
            ({"kind": "customer_session", "expires_in_seconds": 0}, SESSION_SCOPES, timedelta(0)),
            ({"kind": "organization_access_token", "expires_in_seconds": 3600}, ORGANIZATION_SCOPES, HOUR),
        ],
    )
    def test_then_each_may_do_what_it_says_for_as_long_as_it_says(
        self, token: dict[str, Any], scopes: set[str], lifetime: timedelta | None
    ) -> None:
        (credential,) = seeded({**SHOP, "tokens": {"t": {"customer": "main", **token}}}).credentials

        assert credential.scopes == scopes
        assert credential.expires_at == (None if lifetime is None else NOW + lifetime)

    def test_then_a_session_stands_for_its_customer_and_member(self) -> None:
        tokens = {
            "customer": {"kind": "customer_session", "customer": "main"},
            "member": {"kind": "member_session", "customer": "other", "member": "owner"},
            "organization": {"kind": "organization_access_token", "customer": "main"},
        }

        world = seeded({**SHOP, "tokens": tokens})

        assert [(c.kind, c.customer_id, c.member_id) for c in world.credentials] == [
            (CredentialKind.CUSTOMER_SESSION, world.ids["customer:main"], None),
            (CredentialKind.MEMBER_SESSION, world.ids["customer:other"], world.ids["member:other.owner"]),
            (CredentialKind.ACCESS_TOKEN, None, None),
        ]

    @pytest.mark.parametrize(
        ("kind", "prefix"),
        [
            ("customer_session", "polar_cst_"),
            ("member_session", "polar_mst_"),
            ("organization_access_token", "polar_oat_"),
        ],
    )
    def test_then_a_fresh_one_has_the_services_form(self, kind: str, prefix: str) -> None:
        token = seeded({**SHOP, "tokens": {"t": {"kind": kind, "customer": "main", "member": "plain"}}}).tokens["t"]

        assert token == token_from(prefix, token.removeprefix(prefix)[:-6])

    def test_when_one_is_given_then_it_is_kept(self) -> None:
        world = seeded({**SHOP, "tokens": {"t": {"kind": "customer_session", "customer": "main", "token": A_TOKEN}}})

        assert world.tokens == {"t": A_TOKEN}
        assert world.credentials[0].token == A_TOKEN


class GivenIdsOfTheDocumentsOwn:
    @pytest.mark.parametrize(
        ("document", "name", "path"),
        [
            ({"organization": {"slug": "acme", "id": AN_ID}}, "organization:acme", "organization.id"),
            ({"products": {"p": {"id": AN_ID}}}, "product:p", "products.p.id"),
            ({"products": {"p": {"price_id": AN_ID}}}, "price:p", "products.p.price_id"),
            ({"products": {"p": {"benefits": [{"id": AN_ID}]}}}, "benefit:p", "products.p.benefits.0.id"),
            ({"customers": {"c": {"id": AN_ID}}}, "customer:c", "customers.c.id"),
            ({"customers": {"c": {"members": {"m": {"id": AN_ID}}}}}, "member:m", "customers.c.members.m.id"),
            ({"customers": {"c": {}}, "orders": {"o": {"id": AN_ID}}}, "order:o", "orders.o.id"),
            ({"customers": {"c": {}}, "orders": {"o": {"item_id": AN_ID}}}, "item:o", "orders.o.item_id"),
            (
                {**SHOP, "subscriptions": {"s": {"id": AN_ID, "customer": "main", "product": "club"}}},
                "subscription:s",
                "subscriptions.s.id",
            ),
            ({"webhook_endpoints": {"e": {"id": AN_ID, "url": "http://x/"}}}, "endpoint:e", "webhook_endpoints.e.id"),
        ],
    )
    def test_then_they_are_kept_unless_they_are_taken(self, document: dict[str, Any], name: str, path: str) -> None:
        assert seeded(document).ids[name] == AN_ID
        with pytest.raises(NameTaken) as refused:
            seeded(document, taken=frozenset({AN_ID}))
        assert (refused.value.kind, refused.value.value, refused.value.path) == ("id", AN_ID, path)

    def test_when_one_is_given_twice_then_the_second_is_refused(self) -> None:
        with pytest.raises(NameTaken) as refused:
            seeded({"customers": {"a": {"id": AN_ID}, "b": {"id": AN_ID}}})

        assert refused.value.path == "customers.b.id"

    @pytest.mark.parametrize("taken", [frozenset({A_TOKEN}), frozenset()])
    def test_when_a_token_is_taken_then_the_refusal_does_not_repeat_it(self, taken: frozenset[str]) -> None:
        session = {"kind": "customer_session", "customer": "main", "token": A_TOKEN}

        with pytest.raises(NameTaken) as refused:
            seeded({**SHOP, "tokens": {"first": session, "second": session}}, taken=taken)

        assert refused.value.path == ("tokens.first.token" if taken else "tokens.second.token")
        assert A_TOKEN not in str(refused.value)
