"""Converts the discount of an order into its form in a world document. Pure."""

from __future__ import annotations

from contract_tests.tools.capture.naming import Naming
from contract_tests.tools.capture.pseudonymizer import Pseudonymizer
from polar_contract.json_types import JsonObject, as_object

_KEPT = (
    "name",
    "type",
    "duration",
    "duration_in_months",
    "starts_at",
    "ends_at",
    "max_redemptions",
    "redemptions_count",
)
_OF_TYPE = {"fixed": ("amount", "currency"), "percentage": ("basis_points",)}


def discount_of(order: JsonObject, naming: Naming, pseudonymizer: Pseudonymizer) -> JsonObject | None:
    """The discount, or None when it is not shown: only the organization API shows it. Equal discounts are one in the copy too."""
    shown = as_object(order.get("discount"))
    names = (*_KEPT, *_OF_TYPE.get(str(shown.get("type")), ()))
    kept: JsonObject = {name: shown[name] for name in names if shown.get(name) is not None}
    if not kept:
        return None
    code = pseudonymizer.text("code", shown.get("code"))
    dated = {"created_at": shown["created_at"]} if shown.get("created_at") is not None else {}
    return {**naming.ids(id=shown.get("id")), **kept, **({"code": code} if code is not None else {}), **dated}
