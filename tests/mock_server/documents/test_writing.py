"""Writing a world back: the document builds the same world again, whatever changed in it before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from mock_server.documents.scenarios import load_scenario, scenario_names
from mock_server.documents.writing import write_world_document
from mock_server.domain.invoices import issue_invoice
from mock_server.domain.orders import OrderStatus, change_billing, move_to
from mock_server.domain.sessions import Credential, CredentialKind
from mock_server.domain.worlds import WorldSeed
from mock_server.store.state import World
from mock_server.store.table import Table
from mock_server.store.tables import Tables
from tests.mock_server.documents.drawn import documents
from tests.mock_server.documents.worlds import JANE, a_world, seeded
from tests.mock_server.factories import NOW

LATER = NOW + timedelta(minutes=1)
SHOP: dict[str, Any] = {
    "products": {"pro": {"benefits": ["Support", "Updates"]}},
    "customers": {"main": {**JANE, "members": {"owner": {"role": "owner"}}}, "two": {"members": {"owner": {}}}},
    "tokens": {
        "customer": {"kind": "customer_session", "customer": "main"},
        "member": {"kind": "member_session", "customer": "two", "member": "owner"},
    },
    "orders": {"paid": {"customer": "main", "product": "pro"}},
    "webhook_endpoints": {"app": {"url": "http://127.0.0.1:3000/", "events": ["order.paid"]}},
}


def again(world: World) -> WorldSeed:
    """The seed built from the world's document after serialisation."""
    return seeded(json.loads(json.dumps(write_world_document(world))), seed=2)


def nameless(credential: Credential) -> Credential:
    """A credential's own id and creation time are never shown, so documents do not contain them."""
    return replace(credential, id="", created_at=NOW, return_url=None)


def shown(source: Tables | WorldSeed) -> dict[str, Any]:
    groups = {name: getattr(source, name) for name in ("products", "customers", "subscriptions", "orders", "endpoints")}
    credentials = source.credentials
    lists = {name: list(group.values()) if isinstance(group, Table) else list(group) for name, group in groups.items()}
    known = credentials.values() if isinstance(credentials, Table) else credentials
    return {**lists, "organization": source.organization, "credentials": [nameless(c) for c in known]}


class GivenAWorldAsItWasMade:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(document=documents())
    def test_then_its_document_makes_the_same_world_again(self, document: dict[str, Any]) -> None:
        world = a_world(document)

        made = again(world)

        assert shown(made) == shown(world.tables)
        assert (made.ids, made.tokens, made.policies) == (world.ids, world.tokens, world.policies)

    @pytest.mark.parametrize("name", scenario_names())
    def test_then_that_holds_for_the_scenarios_too(self, name: str) -> None:
        world = a_world(load_scenario(name))

        assert shown(again(world)) == shown(world.tables)

    def test_then_that_holds_for_what_later_revisions_have(self) -> None:
        products = {**SHOP["products"], "credits": {"unit_label": "credit"}, "club": {"recurring_interval": "month"}}
        orders = {
            "draft": {"customer": "main", "product": "pro", "status": "draft", "description": "Help"},
            "units": {"customer": "main", "product": "credits", "units": 3, "receipt_number": "R-1"},
            "issued": {"customer": "main", "receipt_number": "R-2", "receipt": {"billing_name": "Old"}},
            "cycle": {"customer": "main", "product": "club", "subscription": "monthly"},
        }
        subscriptions = {"monthly": {"customer": "main", "product": "club", "units": 2}}
        document = {**SHOP, "products": products, "subscriptions": subscriptions, "orders": orders}
        world = a_world({**document, "revision": "2026-10", "payments": {"off_session": "fails"}})

        made = again(world)

        assert shown(made) == shown(world.tables)
        assert made.policies == world.policies


class GivenAWorldInWhichSomethingHappened:
    def test_when_an_issued_invoice_shows_other_billing_then_it_still_does(self) -> None:
        world = a_world({**SHOP, "orders": {"a": {"customer": "main", "billing_name": ""}}})
        (order,) = world.tables.orders.values()
        issued = replace(order, invoice=issue_invoice(order, now=NOW))
        with world.changing() as transaction:
            transaction.put(change_billing(issued, {"billing_name": "Known Now"}, fixed_fields=(), now=LATER))

        (made,) = again(world).orders

        assert made == world.tables.orders[order.id]
        assert made.invoice is not None
        assert (made.billing_name, made.invoice.billing_name) == ("Known Now", "")

    def test_when_orders_were_moved_then_they_stand_where_they_were_moved_to(self) -> None:
        orders = {
            "a": {"customer": "main", "status": "pending"},
            "b": {"customer": "main", "product": "pro", "tax_amount": 5},
        }
        world = a_world({**SHOP, "orders": orders})
        a, b = world.tables.orders.values()
        with world.changing() as transaction:
            transaction.put(move_to(a, OrderStatus.PAID, now=LATER), move_to(b, OrderStatus.REFUNDED, now=LATER))

        assert shown(again(world)) == shown(world.tables)

    def test_when_a_session_was_opened_then_its_token_works_in_the_same_world_made_again(self) -> None:
        world = a_world(SHOP)
        opened = Credential(
            id="5e4e9124-e739-49bd-a352-8470016e891d",
            token="polar_mst_opened",
            kind=CredentialKind.MEMBER_SESSION,
            created_at=NOW,
            scopes=frozenset({"customer_portal:write"}),
            expires_at=LATER,
            customer_id=world.ids["customer:main"],
            member_id=world.ids["member:main.owner"],
        )
        with world.changing() as transaction:
            transaction.put(opened)

        made = again(world)

        assert nameless(opened) in [nameless(credential) for credential in made.credentials]
        assert made.tokens["customer"] == world.tokens["customer"]

    def test_when_an_endpoint_was_deleted_then_it_does_not_come_back(self) -> None:
        world = a_world(SHOP)
        (endpoint,) = world.tables.endpoints.values()
        with world.changing() as transaction:
            transaction.put(
                replace(endpoint, deleted=True), replace(endpoint, id="f66bbd91-af4e-46e3-a6de-508434143f52")
            )

        assert [made.id for made in again(world).endpoints] == ["f66bbd91-af4e-46e3-a6de-508434143f52"]

    @pytest.mark.parametrize("years", [-50, 900])
    def test_when_the_clock_is_far_away_then_the_document_can_still_be_read(self, years: int) -> None:
        world = a_world(SHOP)
        world.clock.set(NOW + timedelta(days=365 * years))

        by_token = {credential.token: credential for credential in again(world).credentials}

        assert by_token[world.tokens["customer"]].is_valid_at(NOW) is (years < 0)

    def test_when_it_is_being_changed_then_it_is_written_as_it_was_and_nobody_waits(self) -> None:
        world = a_world(SHOP)
        (order,) = world.tables.orders.values()
        written: list[Any] = []

        with world.changing() as transaction:
            transaction.put(replace(order, billing_name="Changed"))
            thread = Thread(target=lambda: written.append(write_world_document(world)), daemon=True)
            thread.start()
            thread.join(10)
            assert len(written) == 1
        written.append(write_world_document(world))

        assert [document["orders"]["paid"]["billing_name"] for document in written] == ["Jane Doe", "Changed"]
