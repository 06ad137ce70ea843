"""Products, prices and benefits as orders show them on the portal and on the organization's side."""

from __future__ import annotations

from collections.abc import Collection

from mock_server.domain.organizations import Organization
from mock_server.domain.products import Price, Product
from mock_server.views.basics import write_time, write_time_or_null
from mock_server.views.organizations import organization_json
from polar_contract.behaviour import Behaviour, PriceType
from polar_contract.json_types import JsonObject


def portal_product_json(product: Product, organization: Organization, rules: Behaviour) -> JsonObject:
    """CustomerOrderProduct."""
    return {
        **_product_fields(product, organization),
        "prices": [price_json(product, rules.product.price_types)],
        "benefits": [
            {
                "id": benefit.id,
                "created_at": write_time(benefit.created_at),
                "modified_at": None,
                "type": "custom",
                "description": benefit.description,
                "selectable": True,
                "deletable": True,
                "organization_id": organization.id,
                **_BENEFIT_ASKED_FOR_BY_SDKS,
            }
            for benefit in product.benefits
        ],
        "medias": [],
        "organization": organization_json(organization, rules),
    }


def product_json(product: Product, organization: Organization) -> JsonObject:
    """OrderProduct."""
    return {"metadata": dict(product.metadata), **_product_fields(product, organization)}


def price_json(product: Product, price_types: Collection[PriceType]) -> JsonObject:
    """A price of the catalogue, with its hidden `type` and `recurring_interval`, in one of the forms that the revision has."""
    price = product.price
    amount_type, amount = _amount(price, price_types)
    return {
        "created_at": write_time(price.created_at),
        "modified_at": None,
        "id": price.id,
        "source": "catalog",
        "amount_type": amount_type,
        "price_currency": price.currency,
        "tax_behavior": None,
        "is_archived": False,
        "product_id": product.id,
        "type": "recurring" if product.is_recurring else "one_time",
        "recurring_interval": product.recurring_interval,
        **amount,
    }


def _amount(price: Price, price_types: Collection[PriceType]) -> tuple[PriceType, JsonObject]:
    if price.unit_label is not None:
        return "unit_based", _unit_fields(price, price.unit_label)
    if price.amount_cents is None and "free" in price_types:
        return "free", {}
    return "fixed", {"price_amount": price.amount_cents or 0}


def _unit_fields(price: Price, label: str) -> JsonObject:
    """One price for every unit. The label's languages and forms are the mock's own choice."""
    return {
        "tiers": {"type": "volume", "tiers": [{"bound": None, "unit_amount": str(price.amount_cents or 0)}]},
        "minimum_units": 1,
        "unit_label": {"en": {"one": label, "other": f"{label}s"}},
        "maximum_units": None,
    }


def _product_fields(product: Product, organization: Organization) -> JsonObject:
    return {
        "id": product.id,
        "created_at": write_time(product.created_at),
        "modified_at": write_time_or_null(product.modified_at),
        "trial_interval": None,
        "trial_interval_count": None,
        "name": product.name,
        "description": product.description,
        "visibility": "public",
        "recurring_interval": product.recurring_interval,
        "recurring_interval_count": 1 if product.is_recurring else None,
        "is_recurring": product.is_recurring,
        "is_archived": False,
        "organization_id": organization.id,
        **_ASKED_FOR_BY_SDKS,
    }


# Required by Python since 0.32 and TypeScript 0.49.
_ASKED_FOR_BY_SDKS: JsonObject = {"meter_interval": None, "meter_interval_count": None}
# Required by Python since 0.31.7 and TypeScript since 0.48.1.
_BENEFIT_ASKED_FOR_BY_SDKS: JsonObject = {"is_deleted": False}
