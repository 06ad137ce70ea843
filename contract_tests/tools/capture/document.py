"""Builds a world document from an account, and its YAML text. Pure, except that it adds notes on what can't be copied.

docs/worlds.md describes the form of a document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import yaml

from contract_tests.config.errors import CannotRun
from contract_tests.tools.capture.account import Account, Notes
from contract_tests.tools.capture.naming import Naming, naming_of
from contract_tests.tools.capture.orders import OrderWriter
from contract_tests.tools.capture.products import products_of, subscriptions_of
from contract_tests.tools.capture.pseudonymizer import Pseudonymizer
from contract_tests.transport.visible import visible, visible_line
from polar_contract import Contract
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

# `PREFIX-CUSTOMER-0001`, and `PREFIX-0001` as older organizations number. Source: observed on the service, April 2026.
_INVOICE_NUMBERS = (re.compile(r"(.+)-[A-Z]{8,}-\d{4,}"), re.compile(r"(.+)-\d{4,}"))
# Fields of a document that not every revision has; the API shows them under the same names.
_LATER = frozenset({"receipt_number", "unit_label", "units"})


def document_of(
    account: Account, contract: Contract, *, revision: str, pseudonymizer: Pseudonymizer, keeps_ids: bool, notes: Notes
) -> JsonObject:
    """The document; `text_of` writes it as text. Errors: CannotRun when no order can be copied."""
    orders = _known_states(list(reversed(_listed_alike(account.orders))), contract, notes)
    naming = naming_of(orders, keeps_ids=keeps_ids)
    records = _customer_records(account, orders)
    customers = {key: _customer(key, records[one], one, naming, pseudonymizer) for one, key in naming.customers.items()}
    writer = OrderWriter(
        account=account,
        naming=naming,
        pseudonymizer=pseudonymizer,
        customers=customers,
        real_names={key: records[one].get("name") for one, key in naming.customers.items()},
        reasons=_values(contract, "OrderBillingReason"),
        notes=notes,
    )
    _note_losses(account, records, pseudonymizer, notes)
    intervals = _values(contract, "SubscriptionRecurringInterval", "RecurringInterval")
    statuses = _values(contract, "SubscriptionStatus")
    sections: Mapping[str, Mapping[str, JsonObject]] = {
        "products": products_of(orders, naming, pseudonymizer, intervals=intervals, notes=notes),
        "customers": customers,
        "tokens": _tokens(customers),
        "subscriptions": subscriptions_of(orders, naming, statuses=statuses, notes=notes),
        "orders": {f"order_{number}": writer.write(order) for number, order in enumerate(orders, start=1)},
        "webhook_endpoints": _endpoints(account, naming, pseudonymizer, contract, notes),
    }
    later = _LATER - _property_names(contract)
    filled: JsonObject = {name: _without(later, section, notes) for name, section in sections.items() if section}
    return {"revision": revision, "organization": _organization(orders, naming, pseudonymizer), **filled}


def names_of(account: Account, contract: Contract) -> dict[str, str]:
    """The document's name for every copied object, by the account's id: `customer:customer_1` and so on."""
    orders = _known_states(list(reversed(_listed_alike(account.orders))), contract, Notes())
    naming = naming_of(orders, keeps_ids=False)
    by_kind = {
        "customer": naming.customers,
        "product": naming.products,
        "subscription": naming.subscriptions,
        "order": {str(order["id"]): f"order_{number}" for number, order in enumerate(orders, start=1)},
        "endpoint": {str(one["id"]): key for key, one in _endpoints_by_key(account).items()},
    }
    return {one: f"{kind}:{key}" for kind, keys in by_kind.items() for one, key in keys.items()}


def text_of(document: JsonObject, notes: Notes, *, source: str, on: date, is_pseudonymized: bool) -> str:
    """The document as YAML, with comments at the top that name its source and what it lacks."""
    sizes = ", ".join(f"{len(as_object(document.get(name)))} {name}" for name in ("orders", "customers", "products"))
    names = (
        "Names, e-mail addresses and addresses are pseudonyms"
        if is_pseudonymized
        else "It contains REAL NAMES AND ADDRESSES"
    )
    head = [
        f"What {source} showed on {on.isoformat()}: {sizes}.",
        "Start a copy: polar-mock serve --world FILE",
        f"{names}; product names and invoice numbers are unchanged.",
        "The mock generates new tokens and secrets.",
        *(["Not copied:"] if notes.lines() else []),
        *(f"- {visible_line(line)}" for line in notes.lines()),
    ]
    body = yaml.dump(
        document, Dumper=_Visible, sort_keys=False, allow_unicode=True, default_flow_style=None, width=1000
    )
    return "".join(f"# {line}\n" for line in head) + body


class _Visible(yaml.SafeDumper):
    """Writes texts with invisible characters in double quotes, with these characters escaped."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """The usual style, or double quotes, which allow escapes, for a text with invisible characters."""
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=None if visible(text) == text else '"')

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """Escape all of them: with `allow_unicode` the emitter would not escape direction marks."""
        self.allow_unicode = visible(text) == text
        super().write_double_quoted(text, split)
        self.allow_unicode = True

    yaml_representers: ClassVar[dict[type, Any]] = {**yaml.SafeDumper.yaml_representers, str: represent_text}


def _listed_alike(orders: Sequence[JsonObject]) -> list[JsonObject]:
    """The orders sorted so that after reversal, orders with equal creation times keep the order in which they were listed.

    The copy then lists them in this order again.
    """
    turned: list[JsonObject] = []
    for order in orders:
        same = sum(other.get("created_at") == order.get("created_at") for other in turned)
        turned.insert(len(turned) - same, order)
    return turned


def _known_states(orders: list[JsonObject], contract: Contract, notes: Notes) -> list[JsonObject]:
    statuses = _values(contract, "OrderStatus")
    known = [order for order in orders if order["status"] in statuses]
    if not known:
        raise CannotRun(f"No order has a status that the contract defines; one has {orders[0]['status']!r}.")
    for order in orders:
        if order["status"] not in statuses:
            notes.add(f"an order with the status {order['status']!r}, which the contract does not define")
    return known


def _values(contract: Contract, *names: str) -> frozenset[str]:
    """The values of an enumeration in the contract, which has one of these names, by its revision."""
    schemas = _schemas(contract)
    found = next(as_object(schemas[name]) for name in names if name in schemas)
    return frozenset(map(str, as_list(found.get("enum"))))


def _property_names(contract: Contract) -> frozenset[str]:
    return frozenset(
        name for schema in _schemas(contract).values() for name in as_object(as_object(schema).get("properties"))
    )


def _without(names: frozenset[str], section: Mapping[str, JsonObject], notes: Notes) -> JsonObject:
    """The records without these fields, which a mock of the contract's revision refuses."""
    for name in (name for record in section.values() for name in sorted(names & record.keys())):
        notes.add(f"{name}, which the contract's revision does not have")
    return {key: {name: value for name, value in one.items() if name not in names} for key, one in section.items()}


def _schemas(contract: Contract) -> JsonObject:
    return as_object(as_object(contract.effective.get("components")).get("schemas"))


def _customer_records(account: Account, orders: Sequence[JsonObject]) -> dict[str, JsonObject]:
    """Customer records by id: from the newest order of each customer, else from the portal for its own customer."""
    own = account.customer or {}
    records = {str(order["customer_id"]): as_object(order.get("customer")) for order in orders}
    return {one: record or (own if own.get("id") == one else {}) for one, record in records.items()}


def _customer(key: str, record: JsonObject, one: str, naming: Naming, pseudonymizer: Pseudonymizer) -> JsonObject:
    address = pseudonymizer.address(record.get("billing_address"))
    kept = {name: record[name] for name in ("type", "created_at") if record.get(name) is not None}
    shown = {name: value for name, value in pseudonymizer.customer(key, record).items() if value is not None}
    extras = {
        "billing_address": address,
        "tax_id": record.get("tax_id") if pseudonymizer.keeps_names else None,
        "metadata": pseudonymizer.values(record.get("metadata")),
    }
    return {**naming.ids(id=one), **shown, **kept, **{name: value for name, value in extras.items() if value}}


def _organization(orders: Sequence[JsonObject], naming: Naming, pseudonymizer: Pseudonymizer) -> JsonObject:
    """What the portal's products show of it; its prefix is read off the invoice numbers."""
    shown = next((one for order in reversed(orders) if (one := _organization_of(order))), {})
    features = as_object(shown.get("feature_settings")) or as_object(shown.get("organization_features"))
    named = pseudonymizer.organization(shown)
    dated = {"created_at": shown["created_at"]} if shown.get("created_at") is not None else {}
    prefix = _invoice_prefix(orders)
    return {
        **naming.ids(id=shown.get("id") or as_object(orders[-1].get("product")).get("organization_id")),
        **named,
        **dated,
        **({"invoice_prefix": prefix} if prefix else {}),
        "member_model": features.get("member_model_enabled") is True,
        **({"off_session_charges": True} if features.get("off_session_charges_enabled") is True else {}),
    }


def _organization_of(order: JsonObject) -> JsonObject:
    return as_object(as_object(order.get("product")).get("organization"))


def _invoice_prefix(orders: Sequence[JsonObject]) -> str | None:
    numbers = [str(order.get("invoice_number") or "") for order in orders]
    for pattern in _INVOICE_NUMBERS:
        prefixes = Counter(found.group(1) for number in numbers if (found := pattern.fullmatch(number)))
        if prefixes:
            return prefixes.most_common(1)[0][0]
    return None


def _tokens(customers: Mapping[str, JsonObject]) -> dict[str, JsonObject]:
    sessions: dict[str, JsonObject] = {key: {"kind": "customer_session", "customer": key} for key in customers}
    return {"organization": {"kind": "organization_access_token"}, **sessions}


def _endpoints(
    account: Account, naming: Naming, pseudonymizer: Pseudonymizer, contract: Contract, notes: Notes
) -> dict[str, JsonObject]:
    """URLs are never kept: many contain a secret, and a copy must not send to the account's receivers."""
    written: dict[str, JsonObject] = {}
    has_versions = "api_version" in as_object(as_object(_schemas(contract).get("WebhookEndpoint")).get("properties"))
    for key, endpoint in _endpoints_by_key(account).items():
        notes.add("the URL, secret and deliveries of a webhook endpoint")
        name = pseudonymizer.text("endpoint", endpoint.get("name"))
        written[key] = {
            **naming.ids(id=endpoint.get("id")),
            "url": f"https://hooks.example.com/{key.rpartition('_')[2]}",
            **({"name": name} if name is not None else {}),
            "format": endpoint.get("format"),
            "events": endpoint.get("events"),
            "enabled": endpoint.get("enabled") is not False,
            **({"api_version": endpoint.get("api_version")} if has_versions else {}),
        }
    return written


def _endpoints_by_key(account: Account) -> dict[str, JsonObject]:
    """The endpoints, numbered from the oldest."""
    return {f"endpoint_{number}": one for number, one in enumerate(reversed(account.endpoints), start=1)}


def _note_losses(
    account: Account, records: Mapping[str, JsonObject], pseudonymizer: Pseudonymizer, notes: Notes
) -> None:
    if account.more_orders:
        notes.add(f"{account.more_orders} older orders")
    keeps = pseudonymizer.keeps_names
    lost: dict[str, JsonValue] = {
        "a customer's tax id": not keeps and any(record.get("tax_id") for record in records.values()),
        "values of a customer's metadata": not keeps and any(record.get("metadata") for record in records.values()),
        "the members of a team": any(record.get("type") == "team" for record in records.values()),
    }
    for message, is_lost in lost.items():
        if is_lost:
            notes.add(message)
    notes.add("customers and products that no order shows")
