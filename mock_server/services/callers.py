"""Identify the caller: the credential of a token, with its customer and member."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from mock_server.domain.customers import Customer, Member, require_billing_role
from mock_server.domain.sessions import Credential, CredentialKind
from mock_server.services.context import Services
from mock_server.store.state import World
from mock_server.store.tables import Tables


class Caller(NamedTuple):
    credential: Credential
    customer: Customer | None
    member: Member | None
    tables: Tables
    """The tables in which the caller was found; everything the request reads comes from them, so that it is consistent."""
    at: datetime
    """When the caller was found, by the world's clock."""

    @property
    def kind(self) -> CredentialKind:
        return self.credential.kind


def find_caller(services: Services, token: str) -> tuple[World, Caller] | None:
    """The world and the caller of a token; None if it is unknown or expired."""
    world = services.worlds.by_token(token)
    if world is None:
        return None
    state = world.state
    credential, now = state.tables.credentials.get(token), state.clock.now()
    if credential is None or not credential.is_valid_at(now):
        return None
    return world, _caller(state.tables, credential, now)


def _caller(tables: Tables, credential: Credential, at: datetime) -> Caller:
    customer = tables.customers[credential.customer_id] if credential.customer_id else None
    if customer is None or credential.member_id is None:
        return Caller(credential, customer, None, tables, at)
    member = next(member for member in customer.members if member.id == credential.member_id)
    return Caller(credential, customer, member, tables, at)


def require_billing_access(caller: Caller) -> None:
    """Members need a role for billing; customers and organizations always have it. Errors: RoleRefused."""
    if caller.member is not None:
        require_billing_role(caller.member)
