"""What one document changes against another, and whom it hurts."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.tools.changes.documents import BrokenReference
from contract_tests.tools.changes.grouping import differences_of, grouped
from contract_tests.tools.changes.operations import changes_between
from tests.contract_tests.tools.changes.openapi import document, event, ref, thing

_TEXT, _NULL, _NUMBER = {"type": "string"}, {"type": "null"}, {"type": "integer"}
_OR_NULL = {"anyOf": [_TEXT, _NULL]}


def _told(old: Any, new: Any) -> list[str]:
    """The differences, each as `whom: where: before -> after`."""
    found = differences_of(changes_between(old, new).changes)
    return [f"{one.whom}: {one.where}: {one.before} -> {one.after}" for one in found]


# An object or value of an answer and of a request, before and after, and what each says of it; None: nothing.
_SCHEMAS: dict[str, tuple[Any, Any, str | None, str | None]] = {
    "a value more": ({"enum": ["a"]}, {"enum": ["a", "b"]}, "readers: {}: a -> a, b", "nobody: {}: a -> a, b"),
    "a value less": ({"enum": ["a", "b"]}, {"enum": ["a"]}, "nobody: {}: a, b -> a", "writers: {}: a, b -> a"),
    "null": (_TEXT, _OR_NULL, "readers: {}: text -> text or null", "nobody: {}: text -> text or null"),
    "no null": (_OR_NULL, _TEXT, "nobody: {}: text or null -> text", "writers: {}: text or null -> text"),
    "another type": (_TEXT, _NUMBER, "readers: {}: text -> integer", "writers: {}: text -> integer"),
    "a limit": (
        _NUMBER,
        {"type": "integer", "maximum": 5.0},
        "nobody: {}: integer -> integer, at most 5",
        "writers: {}: integer -> integer, at most 5",
    ),
    "a new optional field": (
        thing(),
        thing(a=_TEXT),
        "nobody: {} /a: - -> text, optional",
        "nobody: {} /a: - -> text, optional",
    ),
    "a new required field": (
        thing(),
        thing("a", a=_TEXT),
        "nobody: {} /a: - -> text, always there",
        "writers: {} /a: - -> text, always there",
    ),
    "a new field where others were forbidden": (
        {**thing(), "additionalProperties": False},
        {**thing(a=_TEXT), "additionalProperties": False},
        "readers: {} /a: - -> text, optional",
        "nobody: {} /a: - -> text, optional",
    ),
    "a new field where others were numbers": (
        {**thing(), "additionalProperties": _NUMBER},
        {**thing(a=_NUMBER), "additionalProperties": _NUMBER},
        "nobody: {} /a: - -> integer, optional",
        "nobody: {} /a: - -> integer, optional",
    ),
    "no other fields": (
        thing(),
        {**thing(), "additionalProperties": False},
        "nobody: {} /*: anything -> nothing",
        "writers: {} /*: anything -> nothing",
    ),
    "a field less": (
        thing(a=_TEXT),
        thing(),
        "readers: {} /a: text, optional -> -",
        "writers: {} /a: text, optional -> -",
    ),
    "a field that may be missing": (
        thing("a", a=_TEXT),
        thing(a=_TEXT),
        "readers: {} /a: always there -> may be missing",
        "nobody: {} /a: always there -> may be missing",
    ),
    "an item": (
        {"type": "array", "items": _TEXT},
        {"type": "array", "items": _OR_NULL},
        "readers: {} /*: text -> text or null",
        "nobody: {} /*: text -> text or null",
    ),
    "fewer items": (
        {"type": "array"},
        {"type": "array", "minItems": 1},
        "nobody: {}: list -> list, 1 items or more",
        "writers: {}: list -> list, 1 items or more",
    ),
    "a split enum": ({"enum": ["a", "b"]}, {"anyOf": [{"const": "a"}, {"const": "b"}]}, None, None),
    "prose": (_TEXT, {**_TEXT, "title": "T", "description": "D", "examples": ["e"], "x-note": 1}, None, None),
    "notation": ({"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 1.0}, None, None),
    "a format": (
        {**_TEXT, "format": "uuid"},
        {**_TEXT, "format": "uuid4"},
        "perhaps readers: {}: text (uuid) -> text (uuid4)",
        "perhaps writers: {}: text (uuid) -> text (uuid4)",
    ),
    "a default": (
        {**_NUMBER, "default": 1},
        {**_NUMBER, "default": 2},
        "nobody: {}: if left out 1 -> if left out 2",
        "perhaps writers: {}: if left out 1 -> if left out 2",
    ),
}


@pytest.mark.parametrize("case", _SCHEMAS)
def test_when_a_schema_changes_then_readers_are_hurt_by_more_and_writers_by_less(case: str) -> None:
    old, new, of_answer, of_body = _SCHEMAS[case]

    answers, bodies = _told(document(answer=old), document(answer=new)), _told(document(body=old), document(body=new))

    assert answers == ([of_answer.format("response 200")] if of_answer else [])
    assert bodies == ([of_body.format("request body")] if of_body else [])
    assert _told(event(old), event(new)) == ([of_answer.format("payload")] if of_answer else [])


def _query(name: str, **more: Any) -> Any:
    return {"name": name, "in": "query", "schema": _TEXT, **more}


_OPERATIONS: dict[str, tuple[Any, Any, list[str]]] = {
    "gone": (
        document(),
        {**document(), "paths": {}},
        ["writers: the operation: exists -> gone"],
    ),
    "a status more": (
        document(responses={"200": {}}),
        document(responses={"200": {}, "409": {}}),
        ["readers: response 409: - -> status 409"],
    ),
    "a status less": (
        document(responses={"200": {}, "409": {}}),
        document(responses={"200": {}}),
        ["readers: response 409: status 409 -> -"],
    ),
    "a parameter more": (
        document(),
        document(parameters=[_query("a")]),
        ["nobody: query parameter a: - -> a parameter, optional"],
    ),
    "a required parameter more": (
        document(),
        document(parameters=[_query("a", required=True)]),
        ["writers: query parameter a: - -> a parameter, required"],
    ),
    "a parameter less": (
        document(parameters=[_query("a")]),
        document(),
        ["writers: query parameter a: a parameter -> -"],
    ),
    "a parameter that accepts less": (
        document(parameters=[_query("a")]),
        document(parameters=[_query("a", schema={"enum": ["x"]})]),
        ["writers: query parameter a: text -> x"],
    ),
    "another name in the path": (document(), document(path="/things/{thing_id}"), []),
    "a scope": (
        document(operation={"security": [{"token": ["read"]}]}),
        document(operation={"security": [{"token": ["write"]}]}),
        ["writers: security: token with read -> token with write"],
    ),
    "the name of a scheme": (
        {**document(operation={"security": [{"a": []}]}), "components": {"securitySchemes": {"a": {"type": "http"}}}},
        {**document(operation={"security": [{"b": []}]}), "components": {"securitySchemes": {"b": {"type": "http"}}}},
        [],
    ),
}


@pytest.mark.parametrize("case", _OPERATIONS)
def test_when_an_operation_changes_then_it_says_whom_it_hurts(case: str) -> None:
    old, new, told = _OPERATIONS[case]

    assert _told(old, new) == told


def test_when_alternatives_have_names_then_they_are_compared_by_name() -> None:
    one, two = (thing("kind", kind={"const": kind}) for kind in ("one", "two"))
    old = document(answer={"anyOf": [ref("One"), ref("Two")]}, One=one, Two=two)
    new = document(
        answer={"oneOf": [ref("Two"), ref("One"), ref("Three")]},
        One={**one, "properties": {**one["properties"], "more": _TEXT}},
        Two=two,
        Three=thing("kind", kind={"const": "three"}),
    )

    assert _told(old, new) == [
        "nobody: One /more in response 200: - -> text, optional",
        "readers: response 200: One or Two -> Two or One or Three",
    ]


def test_when_a_component_changes_then_it_is_told_once_with_every_place() -> None:
    def using(status: Any) -> Any:
        made = document(answer=thing(status=ref("Status"), last=ref("Status")), Status=status)
        made["paths"]["/others"] = {
            "get": {"operationId": "others", **_answers({"type": "array", "items": ref("Status")})}
        }
        return made

    (found,) = differences_of(changes_between(using({"enum": ["a"]}), using({"enum": ["a", "b"]})).changes)

    assert (found.subject, found.operations) == ("Status", ("things:make", "others"))
    assert [place.pointer for place in found.places] == ["/status", "/last", "/*"]


def _answers(schema: Any) -> Any:
    return {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}


def test_when_some_changes_hurt_then_their_group_comes_first() -> None:
    old = document(body=thing(), answer={"enum": ["a"]}, parameters=[_query("q")])
    new = document(body=thing(b=_TEXT), answer={"enum": ["a", "b"]})
    new["paths"]["/new"] = {"get": {"operationId": "new", "responses": {}}}

    found = changes_between(old, new)
    (group,) = grouped(differences_of(found.changes))

    assert [one.whom for one in group.differences] == ["readers", "writers", "nobody"]
    assert found.new_operations == ("new",)


def test_when_a_component_contains_itself_then_it_is_compared_once() -> None:
    def tree(value: Any) -> Any:
        return document(answer=ref("Tree"), Tree=thing(value=value, below={"type": "array", "items": ref("Tree")}))

    assert _told(tree(_TEXT), tree(_NUMBER)) == ["readers: Tree /value in response 200: text -> integer"]
    assert _told(tree(_TEXT), tree(_TEXT)) == []


@pytest.mark.parametrize(
    "reference", ["#/components/schemas/Nowhere", "other.yaml#/Thing", "#/components/schemas/Loop"]
)
def test_when_a_reference_is_broken_then_it_is_named(reference: str) -> None:
    broken = document(answer={"$ref": reference}, Loop={"$ref": "#/components/schemas/Loop"})

    with pytest.raises(BrokenReference, match="reference"):
        changes_between(document(), broken)


@pytest.mark.parametrize("leaf", [_TEXT, _NUMBER])
def test_when_a_component_is_used_in_millions_of_places_then_the_answer_comes_soon(leaf: Any) -> None:
    """Each of forty components contains the next one twice."""

    def nested(last: Any) -> Any:
        levels = {f"L{at}": thing(a=ref(f"L{at + 1}"), b=ref(f"L{at + 1}")) for at in range(40)}
        answer = {"anyOf": [ref("L0"), _NULL]}
        return document(answer=answer, **levels, L40=last)

    told = _told(nested(_TEXT), nested(leaf))

    assert told == ([] if leaf == _TEXT else ["readers: L40 in response 200: text -> integer"])
