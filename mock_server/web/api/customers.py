"""The customer's own record, and the subject of a portal token."""

from __future__ import annotations

from typing import cast

from mock_server.domain.customers import Customer, CustomerChanges
from mock_server.domain.errors import FieldRefusal, InputRefused
from mock_server.services.customers import update_customer
from mock_server.views.basics import compact
from mock_server.views.customers import portal_customer_json
from mock_server.views.sessions import introspection_json, portal_user_json
from mock_server.web.api.calls import ApiOperation, Call
from mock_server.web.api.orders import billing_changes
from mock_server.web.exchange import Answer

_MEMBERS_ONLY = "Team customers must use member sessions. Create a customer session via the API with a member_id."


def _customer(call: Call) -> Customer:
    """The customer. Portal tokens always have one, and the request pipeline admits no other callers here."""
    assert call.caller.customer is not None
    return call.caller.customer


def _own_record(call: Call, customer: Customer) -> bytes:
    return compact(portal_customer_json(customer, call.world.behaviour.response.left_out_fields))


def get_customer(call: Call) -> Answer:
    return Answer(200, _own_record(call, _customer(call)))


def update_own_customer(call: Call) -> Answer:
    changes = cast(CustomerChanges, billing_changes(call.checked.body))
    if "tax_id" in call.checked.body:
        changes["tax_id"] = cast("str | None", call.checked.body["tax_id"])
    changed = update_customer(call.services, call.world, customer_id=_customer(call).id, changes=changes)
    return Answer(200, _own_record(call, changed))


def introspect_session(call: Call) -> Answer:
    return Answer(200, compact(introspection_json(call.caller.credential)))


def get_authenticated_user(call: Call) -> Answer:
    customer = _customer(call)
    if call.caller.member is None and customer.email is None:
        raise InputRefused((FieldRefusal(("body",), _MEMBERS_ONLY, None),))
    return Answer(200, compact(portal_user_json(customer, call.caller.member)))


OPERATIONS = {
    "customer_portal:customers:get": ApiOperation(get_customer),
    "customer_portal:customers:update": ApiOperation(update_own_customer, needs_billing_role=True),
    "customer_portal:customer-session:introspect": ApiOperation(introspect_session),
    "customer_portal:customer-session:get_authenticated_user": ApiOperation(get_authenticated_user),
}
