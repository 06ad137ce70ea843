"""The named worlds that ship with the mock: a folder of files, each with a sentence and a world document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from mock_server.documents.errors import ScenarioUnknown
from mock_server.documents.loading import read_mapping
from mock_server.documents.parsing import parse_world_document
from mock_server.documents.schema import BenefitDocument, ProductDocument, WorldDocument

_FOLDER = Path(__file__).with_name("scenarios")


class ScenarioSummary(NamedTuple):
    name: str
    sentence: str


def list_scenarios() -> tuple[ScenarioSummary, ...]:
    return tuple(ScenarioSummary(name, str(read_mapping(_file(name))["sentence"])) for name in scenario_names())


def scenario_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def load_scenario(name: str) -> WorldDocument:
    """A scenario's document, with the ids and tokens that are always the same. Errors: ScenarioUnknown."""
    if name not in scenario_names():
        raise ScenarioUnknown(name, scenario_names())
    return parse_world_document(read_mapping(_file(name))["world"])


def _file(name: str) -> Path:
    return _FOLDER / f"{name}.yaml"


def without_identity(document: WorldDocument) -> WorldDocument:
    """The same world with fresh ids and tokens, so that it can be made any number of times."""
    return replace(
        document,
        organization=replace(document.organization, id=None),
        products={key: _fresh_product(product) for key, product in document.products.items()},
        customers={
            key: replace(customer, id=None, members={k: replace(m, id=None) for k, m in customer.members.items()})
            for key, customer in document.customers.items()
        },
        tokens={key: replace(token, token=None) for key, token in document.tokens.items()},
        orders={key: replace(order, id=None, item_id=None) for key, order in document.orders.items()},
        subscriptions={key: replace(s, id=None) for key, s in document.subscriptions.items()},
        webhook_endpoints={
            key: replace(endpoint, id=None, secret=None) for key, endpoint in document.webhook_endpoints.items()
        },
    )


def _fresh_product(product: ProductDocument) -> ProductDocument:
    benefits = tuple(BenefitDocument(benefit.description) for benefit in product.benefits)
    return replace(product, id=None, price_id=None, benefits=benefits)
