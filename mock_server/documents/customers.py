"""A customer with its members in a document: read it, build it into a world, and write it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mock_server.documents.addresses import read_address
from mock_server.documents.errors import Problems
from mock_server.documents.fields import Fields
from mock_server.documents.identities import Identities
from mock_server.documents.names import member_keys
from mock_server.documents.schema import CustomerDocument, MemberDocument
from mock_server.documents.tax_ids import read_tax_id
from mock_server.domain.customers import Customer, CustomerType, Member, MemberRole
from mock_server.views.basics import address_json, write_time, write_time_or_null
from polar_contract.json_types import JsonObject, JsonValue

CUSTOMER_KEYS = (
    *("id", "email", "name", "external_id", "billing_name", "billing_address", "tax_id", "type", "members"),
    *("created_at", "modified_at", "metadata"),
)
_MEMBER_KEYS = ("id", "role", "email", "name", "external_id")


def parse_customer(value: JsonValue) -> CustomerDocument:
    """Read a single customer. Errors: DocumentInvalid with every problem and its path."""
    problems = Problems()
    document = read_customer(Fields(value, "", known=CUSTOMER_KEYS, problems=problems))
    problems.raise_if_any()
    return document


def read_customer(fields: Fields) -> CustomerDocument:
    address = read_address(fields, "billing_address")
    return CustomerDocument(
        id=fields.uuid("id"),
        email=fields.text("email"),
        name=fields.text("name"),
        external_id=fields.text("external_id"),
        type=fields.choice("type", CustomerType) or CustomerType.INDIVIDUAL,
        billing_address=address,
        members={key: _read_member(key, member) for key, member in fields.objects("members", known=_MEMBER_KEYS)},
        created_at=fields.time("created_at"),
        modified_at=fields.time("modified_at"),
        billing_name=fields.text("billing_name"),
        tax_id=read_tax_id(fields, address),
        metadata=fields.metadata("metadata"),
    )


def _read_member(key: str, fields: Fields) -> MemberDocument:
    return MemberDocument(
        id=fields.uuid("id"),
        role=fields.choice("role", MemberRole) or MemberRole.MEMBER,
        email=fields.text_or("email", f"{key}@example.com"),
        name=fields.text("name"),
        external_id=fields.text("external_id"),
    )


def build_customer(document: CustomerDocument, *, path: str, identities: Identities, now: datetime) -> Customer:
    """Build the customer that a document describes. `path` is the prefix of its problems' paths. Errors: NameTaken."""
    customer_id = identities.id(document.id, f"{path}id")
    created_at = document.created_at or now
    return Customer(
        id=customer_id,
        created_at=created_at,
        modified_at=document.modified_at,
        type=document.type,
        email=document.email,
        name=document.name,
        external_id=document.external_id,
        billing_address=document.billing_address,
        members=tuple(
            Member(
                id=identities.id(member.id, f"{path}members.{key}.id"),
                created_at=created_at,
                customer_id=customer_id,
                email=member.email,
                name=member.name,
                external_id=member.external_id,
                role=member.role,
            )
            for key, member in document.members.items()
        ),
        given_billing_name=document.billing_name,
        tax_id=document.tax_id,
        metadata=dict(document.metadata),
    )


def write_customer(customer: Customer, keys: Mapping[str, str]) -> JsonObject:
    """`keys`: names by id, without their kind."""
    names = member_keys(keys, customer)
    return {
        "id": customer.id,
        "email": customer.email,
        "name": customer.name,
        "external_id": customer.external_id,
        "type": customer.type,
        "billing_name": customer.given_billing_name,
        "billing_address": address_json(customer.billing_address),
        "tax_id": None if customer.tax_id is None else [*customer.tax_id],
        "members": {names[member.id]: _write_member(member) for member in customer.members},
        "created_at": write_time(customer.created_at),
        "modified_at": write_time_or_null(customer.modified_at),
        "metadata": dict(customer.metadata),
    }


def _write_member(member: Member) -> JsonObject:
    return {
        "id": member.id,
        "role": member.role,
        "email": member.email,
        "name": member.name,
        "external_id": member.external_id,
    }
