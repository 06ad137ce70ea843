"""Validate an OpenAPI document and resolve its references. This is the only module that imports prance.

Slow to import, so import it late.
"""

from __future__ import annotations

import json
from typing import cast

from prance import ResolvingParser, ValidationError  # type: ignore[import-untyped]  # prance ships no types
from prance.util.formats import ParseError  # type: ignore[import-untyped]  # as above
from prance.util.resolver import RESOLVE_INTERNAL, keep_ref_on_recursion  # type: ignore[import-untyped]  # as above
from prance.util.url import ResolutionError  # type: ignore[import-untyped]  # as above
from referencing.exceptions import Unresolvable

from polar_contract.errors import DocumentInvalid
from polar_contract.json_types import JsonObject

# The exceptions that prance and its validator raise if a reference leads to another kind of object than required.
STUMBLES = (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError, Unresolvable)


def resolve(document: JsonObject, file: str) -> JsonObject:
    """The document with its references resolved; a recursive one stays a reference.

    Only references within the document are followed: no file is read and no host is called.
    Errors: DocumentInvalid if openapi-spec-validator, run by prance, rejects the document.
    """
    try:
        parser = ResolvingParser(
            spec_string=json.dumps(document),
            backend="openapi-spec-validator",
            resolve_types=RESOLVE_INTERNAL,
            recursion_limit_handler=keep_ref_on_recursion,
            recursion_limit=1,
        )
    except (ValidationError, ResolutionError, ParseError, *STUMBLES) as problem:
        raise DocumentInvalid(file, f"prance rejects it: {_first_line(problem)}") from problem
    return cast(JsonObject, parser.specification)


def _first_line(problem: Exception) -> str:
    text = str(problem.args[0] if problem.args else problem).strip()
    return text.splitlines()[0][:300] if text else type(problem).__name__
