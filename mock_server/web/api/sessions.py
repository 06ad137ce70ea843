"""Open customer and member sessions with an organization's token."""

from __future__ import annotations

from mock_server.services.sessions import SessionWish, open_customer_session, open_member_session
from mock_server.views.basics import compact
from mock_server.views.sessions import customer_session_json, member_session_json
from mock_server.web.api.calls import ApiOperation, Call
from mock_server.web.exchange import Answer
from polar_contract.json_types import JsonObject

_WISHES = ("customer_id", "external_customer_id", "member_id", "external_member_id", "return_url")


def create_customer_session(call: Call) -> Answer:
    wish = SessionWish(**{name: _text(call.checked.body, name) for name in _WISHES})
    opened = open_customer_session(call.services, call.world, wish=wish)
    organization = call.tables.organization
    shape = customer_session_json(
        opened.credential,
        opened.customer,
        organization=organization,
        member=opened.member,
        base_url=call.base_url(),
    )
    return Answer(201, compact(shape))


def create_member_session(call: Call) -> Answer:
    body = call.checked.body
    member_id = str(body["member_id"])
    opened = open_member_session(call.services, call.world, member_id=member_id, return_url=_text(body, "return_url"))
    member = next(member for member in opened.customer.members if member.id == member_id)
    organization = call.tables.organization
    shape = member_session_json(
        opened.credential, opened.customer, organization=organization, member=member, base_url=call.base_url()
    )
    return Answer(201, compact(shape))


def _text(body: JsonObject, name: str) -> str | None:
    value = body.get(name)
    return None if value is None else str(value)


OPERATIONS = {
    "customer-sessions:create": ApiOperation(create_customer_session),
    "member-sessions:create": ApiOperation(create_member_session),
}
