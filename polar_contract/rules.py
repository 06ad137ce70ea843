"""Rules of OpenAPI 3.1 that the validator does not check, or for which it raises instead of reporting.

Covered: references (within the document, with a target), names of types, path parameters, security
scheme names, operationIds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object, pointer_to
from polar_contract.operations import operation_nodes
from polar_contract.problems import Problem

_Found = tuple[str, str]
_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
# These keys contain data or names of the author's choice, so `type` and `$ref` have no meaning as direct children.
_DATA = ("example", "examples", "default", "const", "enum", "mapping")
_NAMES = ("properties", "patternProperties", "schemas", "$defs", "dependentSchemas")
# Objects of OpenAPI whose `type` is not a schema's.
_TYPE_OF_ITS_OWN = "securitySchemes"


def broken_rules(document: JsonObject, file: str) -> list[Problem]:
    """Every violated rule, in the order of the document."""
    rules = (
        _reference_and_type_problems,
        _path_parameter_problems,
        _security_problems,
        _operation_id_problems,
    )
    return [Problem(file, pointer, message) for rule in rules for pointer, message in rule(document)]


def _reference_and_type_problems(document: JsonObject) -> Iterator[_Found]:
    return _walk_problems(document, document, "")


def _walk_problems(root: JsonObject, node: JsonValue, pointer: str, *, are_names: bool = False) -> Iterator[_Found]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _walk_problems(root, item, pointer_to(pointer, index))
    if not isinstance(node, dict):
        return
    if not are_names:
        yield from _reference_problem(root, node, pointer)
        yield from _type_problem(node, pointer)
    for key, value in node.items():
        if are_names or (key not in _DATA and not key.startswith("x-") and key != _TYPE_OF_ITS_OWN):
            yield from _walk_problems(root, value, pointer_to(pointer, key), are_names=not are_names and key in _NAMES)


def _reference_problem(root: JsonObject, node: JsonObject, pointer: str) -> Iterator[_Found]:
    reference = node.get("$ref")
    if reference is None:
        return
    here = pointer_to(pointer, "$ref")
    if not isinstance(reference, str):
        yield here, f"a reference has to be text, not {reference!r}"
    elif not reference.startswith("#/"):
        yield (
            here,
            f"the reference {reference!r} is not a pointer within this document ('#/...'); others are not followed",
        )
    elif not _leads_to_a_value(root, reference):
        yield here, f"the reference {reference!r} has no target"


def _leads_to_a_value(root: JsonObject, reference: str) -> bool:
    seen: set[str] = set()
    following: JsonValue = reference
    while isinstance(following, str):
        if following in seen:
            return False
        seen.add(following)
        try:
            following = as_object(target_of(root, following)).get("$ref")
        except LookupError:
            return False
    return True


def target_of(root: JsonObject, reference: str) -> JsonValue:
    """The target of a reference within the document. Errors: LookupError if there is none."""
    node: JsonValue = root
    for token in reference.removeprefix("#/").split("/"):
        name = unquote(token).replace("~1", "/").replace("~0", "~")
        node = node[int(name)] if isinstance(node, list) and name.isdecimal() else as_object(node)[name]
    return node


def _type_problem(node: JsonObject, pointer: str) -> Iterator[_Found]:
    if "type" not in node:
        return
    words = node["type"]
    for word in words if isinstance(words, list) else [words]:
        if word not in _TYPES:
            yield pointer_to(pointer, "type"), f"{word!r} is not a type; the types are {', '.join(_TYPES)}"


def _path_parameter_problems(document: JsonObject) -> Iterator[_Found]:
    for path, method, operation in operation_nodes(document):
        item = as_object(as_object(document["paths"])[path])
        parameters = [
            _followed(document, entry)
            for entry in (*as_list(item.get("parameters")), *as_list(operation.get("parameters")))
        ]
        declared = {parameter.get("name") for parameter in parameters if parameter.get("in") == "path"}
        for name in re.findall(r"\{([^{}]+)\}", path):
            if name not in declared:
                yield pointer_to("/paths", path, method), f"the path parameter {name!r} is not declared"


def _followed(document: JsonObject, entry: JsonValue) -> JsonObject:
    reference = as_object(entry).get("$ref")
    if isinstance(reference, str) and _leads_to_a_value(document, reference):
        return _followed(document, target_of(document, reference))
    return as_object(entry)


def _security_problems(document: JsonObject) -> Iterator[_Found]:
    schemes = as_object(as_object(document.get("components")).get("securitySchemes"))
    places = [("/security", document.get("security"))]
    places += [
        (pointer_to("/paths", path, method, "security"), operation.get("security"))
        for path, method, operation in operation_nodes(document)
    ]
    for pointer, alternatives in places:
        for index, alternative in enumerate(as_list(alternatives)):
            for name in as_object(alternative):
                if name not in schemes:
                    known = ", ".join(schemes) or "none"
                    yield (
                        pointer_to(pointer, index, name),
                        f"there is no security scheme {name!r}; defined are: {known}",
                    )


def _operation_id_problems(document: JsonObject) -> Iterator[_Found]:
    first_at: dict[str, str] = {}
    for path, method, operation in operation_nodes(document):
        here = pointer_to("/paths", path, method, "operationId")
        name = operation.get("operationId")
        if isinstance(name, str) and name in first_at:
            yield here, f"the operationId {name!r} is already used by {first_at[name]}"
        elif isinstance(name, str):
            first_at[name] = here
