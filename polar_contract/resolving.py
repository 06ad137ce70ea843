"""Resolve the references of a valid OpenAPI document. This is the only module that imports prance.

prance's parsers would also validate the resolved document, at twenty times the price of resolving it; `validating.py` validates the
document itself.
"""

from __future__ import annotations

from typing import cast

from prance.util.resolver import (  # type: ignore[import-untyped]  # prance ships no types
    RESOLVE_INTERNAL,
    RefResolver,
    keep_ref_on_recursion,
)
from prance.util.url import ResolutionError  # type: ignore[import-untyped]  # as above

from polar_contract.errors import DocumentInvalid
from polar_contract.json_types import JsonObject

# The exceptions that prance raises if a reference leads to another kind of object than required.
_STUMBLES = (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError)
# prance needs an absolute address even where every reference stays in the document; nothing is read from it.
_NO_PLACE = "file:///document.yaml"


def resolve(document: JsonObject, file: str) -> JsonObject:
    """The document with its references resolved; a recursive one stays a reference.

    Only references within the document are followed: no file is read and no host is called.
    Errors: DocumentInvalid if a reference has no target.
    """
    resolver = RefResolver(
        document,
        _NO_PLACE,
        resolve_types=RESOLVE_INTERNAL,
        recursion_limit_handler=keep_ref_on_recursion,
        recursion_limit=1,
    )
    try:
        resolver.resolve_references()
    except (ResolutionError, *_STUMBLES) as problem:
        raise DocumentInvalid(file, f"prance can't resolve it: {_first_line(problem)}") from problem
    return cast(JsonObject, resolver.specs)


def _first_line(problem: Exception) -> str:
    text = str(problem.args[0] if problem.args else problem).strip()
    return text.splitlines()[0][:300] if text else type(problem).__name__
