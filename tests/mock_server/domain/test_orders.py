"""An order's amounts, its billing details and its status changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.addresses import Address
from mock_server.domain.errors import InputRefused, StatusChangeRefused
from mock_server.domain.orders import (
    Amounts,
    BillingChanges,
    OrderStatus,
    PaymentStatus,
    change_billing,
    move_to,
)
from tests.mock_server.factories import LYON, NEW_YORK, NOW, an_order

LATER = NOW + timedelta(minutes=1)
FIXED = ("country", "state")


class GivenAmounts:
    @given(subtotal=st.integers(0, 10**9), discount=st.integers(0, 10**9), tax=st.integers(0, 10**9))
    def test_then_total_is_net_plus_tax_and_net_is_subtotal_less_discount(
        self, subtotal: int, discount: int, tax: int
    ) -> None:
        amounts = Amounts(subtotal, discount_cents=min(subtotal, discount), tax_cents=tax)

        assert amounts.total_cents == amounts.net_cents + tax
        assert amounts.net_cents == subtotal - min(subtotal, discount)
        assert amounts.due_cents == amounts.total_cents

    def test_when_a_balance_covers_more_than_the_total_then_nothing_is_due(self) -> None:
        assert Amounts(1000, applied_balance_cents=-1500).due_cents == 0


class GivenAnOrderWithBillingDetails:
    @pytest.mark.parametrize(
        ("changes", "name", "address"),
        [
            ({}, "Jane Doe", NEW_YORK),
            ({"billing_name": "New"}, "New", NEW_YORK),
            ({"billing_name": None}, None, NEW_YORK),
            ({"billing_name": ""}, "", NEW_YORK),
            ({"billing_address": None}, "Jane Doe", None),
            (
                {"billing_address": Address(country="US", state="US-NY")},
                "Jane Doe",
                Address(country="US", state="US-NY"),
            ),
        ],
    )
    def test_when_it_is_patched_then_only_what_was_sent_changes(
        self, changes: BillingChanges, name: str | None, address: Address | None
    ) -> None:
        changed = change_billing(an_order(), changes, fixed_fields=FIXED, now=LATER)

        assert (changed.billing_name, changed.billing_address) == (name, address)

    def test_when_nothing_differs_then_it_counts_as_unmodified(self) -> None:
        order = an_order()

        assert change_billing(order, {"billing_name": "Jane Doe"}, fixed_fields=FIXED, now=LATER) is order

    def test_when_something_differs_then_the_time_of_the_change_is_kept(self) -> None:
        assert change_billing(an_order(), {"billing_name": "New"}, fixed_fields=FIXED, now=LATER).modified_at == LATER

    @pytest.mark.parametrize(
        ("address", "refused"),
        [
            (Address(country="FR", state="US-NY"), [("country", "FR")]),
            (Address(country="US", state="US-CA"), [("state", "US-CA")]),
            (Address(country="US"), [("state", None)]),
            (LYON, [("country", "FR"), ("state", None)]),
        ],
    )
    def test_when_country_or_state_would_change_then_each_is_refused_country_first(
        self, address: Address, refused: list[tuple[str, str | None]]
    ) -> None:
        with pytest.raises(InputRefused) as caught:
            change_billing(
                an_order(), {"billing_name": "Not stored", "billing_address": address}, fixed_fields=FIXED, now=LATER
            )

        assert [(r.field[-1], r.sent) for r in caught.value.refusals] == refused

    def test_when_the_address_was_cleared_first_then_another_country_is_accepted(self) -> None:
        cleared = change_billing(an_order(), {"billing_address": None}, fixed_fields=FIXED, now=LATER)

        assert change_billing(cleared, {"billing_address": LYON}, fixed_fields=FIXED, now=LATER).billing_address == LYON


class GivenAnOrdersLife:
    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (OrderStatus.PENDING, OrderStatus.PAID),
            (OrderStatus.PENDING, OrderStatus.VOID),
            (OrderStatus.PAID, OrderStatus.REFUNDED),
            (OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED),
            (OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED),
        ],
    )
    def test_when_a_known_move_is_made_then_the_order_has_the_new_status(
        self, start: OrderStatus, end: OrderStatus
    ) -> None:
        moved = move_to(an_order(status=start), end, now=LATER)

        assert moved.status is end
        assert moved.modified_at == LATER

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (OrderStatus.VOID, OrderStatus.PAID),
            (OrderStatus.PAID, OrderStatus.PENDING),
            (OrderStatus.REFUNDED, OrderStatus.PAID),
            (OrderStatus.PENDING, OrderStatus.REFUNDED),
        ],
    )
    def test_when_a_move_is_unknown_then_it_is_refused_naming_both_ends(
        self, start: OrderStatus, end: OrderStatus
    ) -> None:
        with pytest.raises(StatusChangeRefused, match=f"is '{start}' and can't become '{end}'"):
            move_to(an_order(status=start), end, now=LATER)

    def test_when_it_is_paid_then_its_payment_succeeded_and_no_attempt_is_planned(self) -> None:
        paid = move_to(an_order(status=OrderStatus.PENDING, next_payment_attempt_at=LATER), OrderStatus.PAID, now=NOW)

        assert paid.payment is not None
        assert paid.payment.status is PaymentStatus.SUCCEEDED
        assert paid.next_payment_attempt_at is None

    def test_when_it_is_refunded_then_net_and_tax_are_refunded(self) -> None:
        refunded = move_to(an_order(), OrderStatus.REFUNDED, now=NOW)

        assert (refunded.amounts.refunded_cents, refunded.amounts.refunded_tax_cents) == (1000, 89)

    @pytest.mark.parametrize("status", list(OrderStatus))
    def test_then_it_counts_as_paid_exactly_when_money_was_received(self, status: OrderStatus) -> None:
        received = {OrderStatus.PAID, OrderStatus.REFUNDED, OrderStatus.PARTIALLY_REFUNDED}

        assert an_order(status=status).is_paid is (status in received)
