"""Read a world document, and report every wrong place with its path, not only the first."""

from __future__ import annotations

from mock_server.documents.customers import CUSTOMER_KEYS, read_customer
from mock_server.documents.endpoints import ENDPOINT_KEYS, read_endpoint
from mock_server.documents.errors import Problems
from mock_server.documents.fields import Fields
from mock_server.documents.names import names_in
from mock_server.documents.orders import ORDER_KEYS, read_order
from mock_server.documents.policies import POLICY_KEYS, read_policies
from mock_server.documents.products import PRODUCT_KEYS, read_product
from mock_server.documents.schema import OrganizationDocument, WorldDocument
from mock_server.documents.subscriptions import SUBSCRIPTION_KEYS, read_subscription
from mock_server.documents.tokens import TOKEN_KEYS, read_token
from polar_contract.json_types import JsonValue

SECTION_KEYS = {
    "products": PRODUCT_KEYS,
    "customers": CUSTOMER_KEYS,
    "tokens": TOKEN_KEYS,
    "orders": ORDER_KEYS,
    "subscriptions": SUBSCRIPTION_KEYS,
    "webhook_endpoints": ENDPOINT_KEYS,
}
"""The sections of named objects, and the possible keys of each section's objects."""
_ORGANIZATION_KEYS = (
    *("id", "slug", "name", "invoice_prefix", "email", "website", "created_at"),
    *("member_model", "member_sessions", "off_session_charges", "ready_for_payments"),
)
WORLD_KEYS = ("revision", "organization", *SECTION_KEYS, *POLICY_KEYS)


def parse_world_document(value: JsonValue, *, also_possible: tuple[str, ...] = ()) -> WorldDocument:
    """Read a document that extends no other. Errors: DocumentInvalid with every problem and its path.

    `also_possible`: keys that it could have had, for the message about an unknown one.
    """
    problems = Problems()
    names = names_in(value)
    fields = Fields(value, "", known=(*also_possible, *WORLD_KEYS), problems=problems)
    document = WorldDocument(
        revision=fields.text("revision"),
        organization=_organization(fields),
        products={key: read_product(key, f) for key, f in _section(fields, "products")},
        customers={key: read_customer(f) for key, f in _section(fields, "customers")},
        tokens={key: read_token(f, names) for key, f in _section(fields, "tokens")},
        orders={key: read_order(f, names) for key, f in _section(fields, "orders")},
        subscriptions={key: read_subscription(f, names) for key, f in _section(fields, "subscriptions")},
        webhook_endpoints={key: read_endpoint(f) for key, f in _section(fields, "webhook_endpoints")},
        policies=read_policies(fields),
    )
    problems.raise_if_any()
    return document


def _section(fields: Fields, name: str) -> list[tuple[str, Fields]]:
    return list(fields.objects(name, known=SECTION_KEYS[name]))


def _organization(world: Fields) -> OrganizationDocument:
    fields = world.object("organization", known=_ORGANIZATION_KEYS)
    if fields is None:
        return OrganizationDocument()
    return OrganizationDocument(
        id=fields.uuid("id"),
        slug=fields.text_or("slug", "acme"),
        name=fields.text_or("name", "Acme Inc."),
        invoice_prefix=fields.text("invoice_prefix"),
        email=fields.text("email"),
        website=fields.text("website"),
        created_at=fields.time("created_at"),
        member_model=fields.flag("member_model"),
        member_sessions=fields.flag("member_sessions", default=True),
        off_session_charges=fields.flag("off_session_charges"),
        ready_for_payments=fields.flag("ready_for_payments", default=True),
    )
