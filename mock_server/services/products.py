"""Add products to a world."""

from __future__ import annotations

from mock_server.documents.names import require_free
from mock_server.documents.products import build_product, parse_product, product_names
from mock_server.domain.products import Product
from mock_server.services.context import Services
from mock_server.services.identities import identities_of
from mock_server.store.state import World
from polar_contract.json_types import JsonObject


def add_product(services: Services, world: World, *, key: str, body: JsonObject) -> tuple[Product, dict[str, str]]:
    """Add the product that a document describes; returns it with its names.

    Errors: DocumentInvalid; NameTaken for a key or an id in use.
    """
    with world.changing() as transaction:
        require_free(world.ids, "product", key)
        document = parse_product(body, key)
        product = build_product(
            document,
            path="",
            identities=identities_of(services),
            price_types=world.behaviour.product.price_types,
            now=world.clock.now(),
        )
        names = product_names(key, product)
        transaction.put(product)
        transaction.name_all(names)
    return product, names
