"""Invoices in worlds with policies of their own, and the object store's answers to links that lead nowhere."""

from __future__ import annotations

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import ACME, Api, world_of


def ask(api: Api) -> None:
    assert api.send("POST", f"{api.order('paid')}/invoice", token="customer").status_code == 202


def a_world(server: MockServer, **invoices: str) -> Api:
    return world_of(server, {**ACME, "invoices": invoices})


@pytest.mark.parametrize("path", ["", "nowhere/x/y", "%00", "default/none/Invoice.pdf?X-Amz-Signature=x"])
def test_when_a_link_has_no_page_then_it_says_so(api: Api, path: str) -> None:
    assert api.send("GET", f"/polar-customer-invoices/{path}").status_code == 404


def test_when_it_is_asked_for_again_before_it_is_made_then_there_is_no_second_job(api: Api) -> None:
    for _ in range(2):
        ask(api)

    assert len(api.invoices_made(api.in_world("POST", "/settle")["ran"])) == 1


class GivenAWorldThatServesAsTheServiceDid:
    @pytest.fixture
    def as_served(self, server: MockServer) -> Api:
        return a_world(server, generation="stepped", reissue="as-served")

    def test_when_it_is_asked_for_again_then_it_is_made_again_from_the_order_as_it_stands(self, as_served: Api) -> None:
        ask(as_served)
        as_served.in_world("POST", "/settle")
        before = as_served.download("paid").data
        as_served.send("PATCH", as_served.order("paid"), token="customer", body={"billing_name": "Renamed"})

        ask(as_served)
        as_served.in_world("POST", "/settle")

        assert as_served.download("paid").data != before
        assert len(as_served.events()) == 3

    def test_when_nobody_requests_it_then_stepped_work_waits(self, as_served: Api) -> None:
        ask(as_served)
        as_served.in_world("PATCH", "/clock", {"advance_seconds": 86_400})

        assert as_served.send("GET", f"{as_served.org_order('paid')}/invoice", token="oat").status_code == 404


def test_when_a_world_has_no_delay_then_an_invoice_is_there_at_once(server: MockServer) -> None:
    api = a_world(server, generation="immediate")

    ask(api)

    assert api.send("GET", f"{api.order('paid')}/invoice", token="customer").status_code == 200
