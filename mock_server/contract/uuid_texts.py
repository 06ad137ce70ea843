"""The words of errors about malformed ids, which changed with the release of pydantic that the service runs."""

from __future__ import annotations

from polar_contract.behaviour import ValidationTexts
from polar_contract.json_types import JsonObject

_LONG = "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found "
_SHORT = "invalid character: found "


def reworded(item: JsonObject, texts: ValidationTexts) -> JsonObject:
    """The item of one violation, in the words of a release, whichever release is installed here.

    Source: observed on the service, April and August 2026.
    """
    if item["type"] != "uuid_parsing":
        return item
    old, new = (_LONG, _SHORT) if texts == "pydantic_2_13" else (_SHORT, _LONG)
    context = item.get("ctx")
    if isinstance(context, dict):
        item = {**item, "ctx": {key: str(value).replace(old, new) for key, value in context.items()}}
    return {**item, "msg": str(item["msg"]).replace(old, new)}
