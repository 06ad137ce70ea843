"""A product in a document: read it, build it into a world, and write it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from mock_server.documents.errors import DocumentInvalid, Problem, Problems, shown
from mock_server.documents.fields import Fields
from mock_server.documents.identities import Identities
from mock_server.documents.schema import BenefitDocument, ProductDocument
from mock_server.domain.products import Benefit, Price, Product, RecurringInterval
from mock_server.views.basics import write_time
from polar_contract.behaviour import PriceType
from polar_contract.json_types import JsonObject, JsonValue

PRODUCT_KEYS = (
    *(
        "id",
        "price_id",
        "name",
        "description",
        "price_amount",
        "currency",
        "unit_label",
        "recurring_interval",
        "benefits",
    ),
    *("created_at", "metadata"),
)


def parse_product(value: JsonValue, key: str) -> ProductDocument:
    """Read a single product. Errors: DocumentInvalid with every problem and its path."""
    problems = Problems()
    document = read_product(key, Fields(value, "", known=PRODUCT_KEYS, problems=problems))
    problems.raise_if_any()
    return document


def read_product(key: str, fields: Fields) -> ProductDocument:
    return ProductDocument(
        id=fields.uuid("id"),
        price_id=fields.uuid("price_id"),
        name=fields.text_or("name", key),
        description=fields.text("description"),
        price_amount=fields.integer("price_amount") if fields.mentions("price_amount") else 1000,
        currency=fields.text_or("currency", "usd"),
        unit_label=fields.text("unit_label"),
        recurring_interval=fields.choice("recurring_interval", RecurringInterval),
        benefits=tuple(_benefit(fields, i, benefit) for i, benefit in enumerate(fields.list_of("benefits"))),
        created_at=fields.time("created_at"),
        metadata=fields.metadata("metadata"),
    )


def _benefit(product: Fields, index: int, value: JsonValue) -> BenefitDocument:
    if isinstance(value, str):
        return BenefitDocument(value)
    path = f"{product.at('benefits')}.{index}"
    fields = Fields(value, path, known=("id", "description"), problems=product.problems)
    return BenefitDocument(fields.text_or("description", ""), fields.uuid("id"))


def build_product(
    document: ProductDocument,
    *,
    path: str,
    identities: Identities,
    price_types: Collection[PriceType],
    now: datetime,
) -> Product:
    """Build the product that a document describes. `path` is the prefix of its problems' paths.

    Errors: NameTaken; DocumentInvalid for a price by unit where the world's revision has none.
    """
    if document.unit_label is not None and "unit_based" not in price_types:
        message = (
            f"is {shown(document.unit_label)}, and in the world's revision no price is by unit; take a later revision"
        )
        raise DocumentInvalid((Problem(f"{path}unit_label", message),))
    created_at = document.created_at or now
    price_id = identities.id(document.price_id, f"{path}price_id")
    return Product(
        id=identities.id(document.id, f"{path}id"),
        created_at=created_at,
        modified_at=None,
        name=document.name,
        description=document.description,
        recurring_interval=document.recurring_interval,
        price=Price(price_id, created_at, document.price_amount, document.currency, document.unit_label),
        benefits=tuple(
            Benefit(identities.id(benefit.id, f"{path}benefits.{i}.id"), created_at, benefit.description)
            for i, benefit in enumerate(document.benefits)
        ),
        metadata=dict(document.metadata),
    )


def product_names(key: str, product: Product) -> dict[str, str]:
    """The names that a product adds to a world."""
    first_benefit = {f"benefit:{key}": benefit.id for benefit in product.benefits[:1]}
    return {f"price:{key}": product.price.id, **first_benefit, f"product:{key}": product.id}


def write_product(product: Product) -> JsonObject:
    return {
        "id": product.id,
        "price_id": product.price.id,
        "name": product.name,
        "description": product.description,
        "price_amount": product.price.amount_cents,
        "currency": product.price.currency,
        "unit_label": product.price.unit_label,
        "recurring_interval": product.recurring_interval,
        "benefits": [{"id": benefit.id, "description": benefit.description} for benefit in product.benefits],
        "created_at": write_time(product.created_at),
        "metadata": dict(product.metadata),
    }
