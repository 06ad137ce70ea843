"""Apply an overlay to the published contract: one pure function. Each overlay.yaml describes its format at its top."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from polar_contract.errors import OverlayMismatch
from polar_contract.formats import add_patterns
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object, pointer_to

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def apply_overlay(published: JsonObject, overlay: JsonObject) -> JsonObject:
    """The effective document: a deep copy of the published contract with the overlay's components, answers and patterns.

    Parts from the overlay are marked (`x-origin`, `x-widened-by`, `x-pattern-origin`); neither argument is changed.
    Errors: OverlayMismatch if the overlay names something missing, or adds something that exists.
    """
    effective = copy.deepcopy(published)
    _add_components(effective, as_object(overlay.get("components")))
    _add_answers(effective, overlay)
    add_patterns(effective, as_object(overlay.get("patterns")))
    _let_overlap(effective, as_list(overlay.get("overlapping")))
    return effective


def operations(document: JsonObject) -> Iterator[tuple[str, str, JsonObject]]:
    """Every operation under `paths`, in the document's order, as (path, method in lower case, operation)."""
    for path, item in as_object(document.get("paths")).items():
        for method, operation in as_object(item).items():
            if method in METHODS and isinstance(operation, dict):
                yield path, method, operation


def _add_components(effective: JsonObject, added: JsonObject) -> None:
    components = effective.setdefault("components", {})
    for section, entries in added.items():
        known = as_object(as_object(components).setdefault(section, {}))
        for name, component in as_object(entries).items():
            if name in known:
                raise OverlayMismatch(
                    pointer_to("/components", section, name),
                    "the published contract already has a component of this name",
                )
            known[name] = {**copy.deepcopy(as_object(component)), "x-origin": "overlay"}


def _let_overlap(effective: JsonObject, pointers: list[JsonValue]) -> None:
    """Where the contract says `oneOf` of forms of which one includes another, a body that matches both is valid."""
    for pointer in map(str, pointers):
        schema: JsonValue = effective
        for part in pointer.split("/")[1:]:
            schema = as_list(schema)[int(part)] if isinstance(schema, list) else as_object(schema).get(part)
        if not isinstance(schema, dict) or "oneOf" not in schema:
            raise OverlayMismatch(pointer, "the published contract has no oneOf there")
        schema["anyOf"] = schema.pop("oneOf")
        schema["x-widened-by"] = "overlay"


def _add_answers(effective: JsonObject, overlay: JsonObject) -> None:
    answers = as_object(overlay.get("answers"))
    listed = as_object(overlay.get("operations"))
    headers = as_object(overlay.get("headers"))
    everywhere = as_list(overlay.get("every_operation"))
    by_id = {operation.get("operationId"): operation for _, _, operation in operations(effective)}
    unknown = [name for name in listed if name not in by_id]
    if unknown:
        raise OverlayMismatch(
            pointer_to("/operations", unknown[0]), "the published contract has no operation of this operationId"
        )
    for operation_id, operation in by_id.items():
        for name in [*everywhere, *as_list(listed.get(str(operation_id)))]:
            if name not in answers:
                raise OverlayMismatch(
                    pointer_to("/operations", str(operation_id)), f"there is no answer named {name!r}"
                )
            _add_answer(effective, operation, as_object(answers[str(name)]), headers)


def _add_answer(effective: JsonObject, operation: JsonObject, answer: JsonObject, headers: JsonObject) -> None:
    for field in ("status", "source"):
        if not isinstance(answer.get(field), str):
            raise OverlayMismatch(
                "/answers", f"an answer needs its {field} as text; this one has {answer.get(field)!r}"
            )
    status = str(answer["status"])
    responses = as_object(operation.setdefault("responses", {}))
    present = as_object(responses.get(status))
    if "x-source" in present:
        here = pointer_to("/operations", str(operation.get("operationId")))
        raise OverlayMismatch(here, f"two answers have the status {status}")
    references: list[JsonValue] = [_reference(effective, name) for name in as_list(answer.get("schemas"))]
    if present:
        _widen(present, references)
        present |= {"x-widened-by": "overlay", "x-source": answer["source"]}
    else:
        responses[status] = _new_response(answer, references, headers)


def _new_response(answer: JsonObject, references: list[JsonValue], headers: JsonObject) -> JsonObject:
    response: JsonObject = {"description": answer.get("description", "")}
    named = as_object(answer.get("headers"))
    if named:
        response["headers"] = {name: _header(headers, kind) for name, kind in named.items()}
    if references:
        schema: JsonValue = references[0] if len(references) == 1 else {"anyOf": references}
        response["content"] = {"application/json": {"schema": schema}}
    response |= {"x-origin": "overlay", "x-source": answer["source"]}
    return response | {"x-mock-only": True} if answer.get("mock_only") else response


def _widen(response: JsonObject, references: list[JsonValue]) -> None:
    """The contract's alternatives first, ours after them."""
    media = as_object(as_object(response.get("content")).get("application/json"))
    schema = as_object(media.get("schema"))
    alternatives = schema.get("anyOf")
    if isinstance(alternatives, list):
        alternatives.extend(references)
    else:
        media["schema"] = {"anyOf": [schema, *references]}


def _header(headers: JsonObject, name: JsonValue) -> JsonObject:
    if name not in headers:
        raise OverlayMismatch("/headers", f"there is no header named {name!r}")
    return copy.deepcopy(as_object(headers[str(name)]))


def _reference(effective: JsonObject, name: JsonValue) -> JsonObject:
    if name not in as_object(as_object(effective["components"]).get("schemas")):
        raise OverlayMismatch("/components/schemas", f"there is no schema named {name!r}")
    return {"$ref": pointer_to("#/components/schemas", str(name))}
