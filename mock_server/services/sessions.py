"""Open sessions for customers and members."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mock_server.domain.customers import Customer, CustomerType, Member, MemberRole
from mock_server.domain.errors import FieldRefusal, InputRefused
from mock_server.domain.sessions import (
    SESSION_SCOPES,
    TOKEN_PREFIXES,
    Credential,
    CredentialKind,
)
from mock_server.services.context import Services
from mock_server.store.state import World


@dataclass(frozen=True, slots=True)
class SessionWish:
    """The requested session: a customer by id or by external id, and the session's options."""

    customer_id: str | None = None
    external_customer_id: str | None = None
    member_id: str | None = None
    external_member_id: str | None = None
    return_url: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedSession:
    credential: Credential
    customer: Customer
    member: Member | None


def open_customer_session(services: Services, world: World, *, wish: SessionWish) -> OpenedSession:
    """A customer session; if customers have members, it is a member's session instead.

    Errors:  InputRefused for an unknown customer or member, and for a team customer without a member.
    Source:  observed on the service, April 2026 (customer-sessions:create).
    """
    with world.lock:
        customer = _find_customer(world, wish)
        if not world.tables.organization.member_model:
            return _open(services, world, customer=customer, member=None, return_url=wish.return_url)
        customer, member = _find_member(services, world, customer, wish)
        return _open(services, world, customer=customer, member=member, return_url=wish.return_url)


def open_member_session(services: Services, world: World, *, member_id: str, return_url: str | None) -> OpenedSession:
    """A session of one member. Errors: InputRefused for an unknown member."""
    with world.lock:
        for customer in world.tables.customers.values():
            for member in customer.members:
                if member.id == member_id:
                    return _open(services, world, customer=customer, member=member, return_url=return_url)
    raise _refusal("member_id", "Member does not exist.", member_id)


def _find_customer(world: World, wish: SessionWish) -> Customer:
    for customer in world.tables.customers.values():
        if wish.external_customer_id is not None:
            if customer.external_id == wish.external_customer_id:
                return customer
        elif customer.id == wish.customer_id:
            return customer
    if wish.external_customer_id is not None:
        raise _refusal("external_customer_id", "Customer does not exist.", wish.external_customer_id)
    raise _refusal("customer_id", "Customer does not exist.", wish.customer_id)


def _find_member(services: Services, world: World, customer: Customer, wish: SessionWish) -> tuple[Customer, Member]:
    for name, wanted in (("member_id", wish.member_id), ("external_member_id", wish.external_member_id)):
        if wanted is not None:
            return customer, _named_member(customer, name, wanted)
    if customer.type is CustomerType.TEAM:
        raise _refusal("member_id", "member_id is required for team customers.", None)
    owner = customer.owner()
    return (customer, owner) if owner else _with_new_owner(services, world, customer)


def _named_member(customer: Customer, field: str, wanted: str) -> Member:
    for member in customer.members:
        if (member.id if field == "member_id" else member.external_id) == wanted:
            return member
    raise _refusal(field, "Member does not exist for this customer.", wanted)


def _with_new_owner(services: Services, world: World, customer: Customer) -> tuple[Customer, Member]:
    """An individual customer gets an owner at the first session. Source: polar's tests of customer sessions."""
    owner = Member(
        id=services.ids.new_id(),
        created_at=world.clock.now(),
        customer_id=customer.id,
        email=customer.email or "",
        name=customer.name,
        external_id=None,
        role=MemberRole.OWNER,
    )
    with world.changing() as transaction:
        customer = replace(customer, members=(*customer.members, owner))
        transaction.put(customer)
    return customer, owner


def _open(
    services: Services, world: World, *, customer: Customer, member: Member | None, return_url: str | None
) -> OpenedSession:
    kind = CredentialKind.MEMBER_SESSION if member else CredentialKind.CUSTOMER_SESSION
    now = world.clock.now()
    credential = Credential(
        id=services.ids.new_id(),
        token=services.ids.new_token(TOKEN_PREFIXES[kind]),
        kind=kind,
        created_at=now,
        scopes=SESSION_SCOPES,
        expires_at=now + world.policies.session_lifetime,
        customer_id=customer.id,
        member_id=member.id if member else None,
        return_url=return_url,
    )
    with world.changing() as transaction:
        transaction.put(credential)
    services.worlds.learn_token(credential, world)
    return OpenedSession(credential, customer, member)


def _refusal(field: str, message: str, sent: str | None) -> InputRefused:
    return InputRefused((FieldRefusal(("body", field), message, sent),))
