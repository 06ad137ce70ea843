"""The overlay of revision 0.1.0: applied by other code it gives the same document, and what it leaves in the contract."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import jsonpath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polar_contract import load_contract
from polar_contract.documents import parse_mapping, spec_folder


def read(name: str) -> Any:
    return parse_mapping((spec_folder() / "0.1.0" / name).read_bytes(), name)


def replaced(node: Any, parts: tuple[str | int, ...], change: Callable[[Any], Any]) -> Any:
    """The node with another value at a place below it; the node itself does not change."""
    if not parts:
        return change(node)
    if isinstance(node, dict):
        return node | {parts[0]: replaced(node[parts[0]], parts[1:], change)}
    return [replaced(item, parts[1:], change) if at == parts[0] else item for at, item in enumerate(node)]


def without(key: str | int, node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if name != key}


def merged(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {name: merged(old[name], value) if name in old else value for name, value in new.items()}
    return old + new if isinstance(old, list) and isinstance(new, list) else new


def applied(document: Any, action: Any) -> Any:
    """One action of Overlay 1.0 as its specification has it, written again: on values that never change."""
    for parts in dict.fromkeys(match.parts for match in jsonpath.finditer(action["target"], document)):
        if action.get("remove"):
            document = replaced(document, parts[:-1], functools.partial(without, parts[-1]))
        else:
            document = replaced(document, parts, lambda it: merged(it, action["update"]))
    return document


def widened(node: Any, parts: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(node, dict) and "x-widened-by" in node:
        yield parts
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from widened(child, (*parts, key))


def at(document: Any, parts: tuple[str | int, ...]) -> Any:
    for part in parts:
        document = document[part]
    return document


def alternatives(node: Any) -> list[Any]:
    """Of a response's or a choice's schema."""
    schema = node["content"]["application/json"]["schema"] if "content" in node else node
    found: list[Any] = schema.get("anyOf", schema.get("oneOf", [schema]))
    return found


class GivenTheBundledOverlay:
    def test_when_applied_by_other_code_then_the_document_is_the_same(self) -> None:
        assert (
            functools.reduce(applied, read("overlay.yaml")["actions"], read("openapi.yaml"))
            == load_contract("0.1.0").effective
        )

    def test_when_something_is_widened_then_the_published_alternatives_come_first(self) -> None:
        contract = load_contract("0.1.0")
        places = list(widened(contract.effective))

        assert len(places) > 1
        for parts in places:
            before, after = alternatives(at(contract.published, parts)), alternatives(at(contract.effective, parts))
            assert after[: len(before)] == before, parts

    def test_when_it_names_what_it_extends_then_that_is_the_published_document_beside_it(self) -> None:
        assert (spec_folder() / "0.1.0" / read("overlay.yaml")["extends"]) == spec_folder() / "0.1.0" / "openapi.yaml"


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        yield node["$ref"].rpartition("/")[2]
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from references(child)


def ids(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict) and node.get("format") == "uuid4":
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from ids(child)


@functools.cache
def pattern_of(*path: str) -> re.Pattern[str]:
    node: Any = load_contract("0.1.0").effective
    for part in path:
        node = node[int(part)] if part.isdecimal() else node[part]
    assert node["format"] == "uuid4"
    assert node["x-pattern-origin"] == "overlay"
    return re.compile(node["pattern"])


def forms(identifier: uuid.UUID) -> list[str]:
    text = str(identifier)
    return [text, text.upper(), identifier.hex, identifier.hex.upper(), f"{{{text}}}", f"urn:uuid:{text}"]


class GivenIdentifiers:
    """Source of what is accepted: observed on the service, April 2026."""

    accepted = ("paths", "/v1/orders/{id}", "get", "parameters", "0", "schema")
    in_a_request_body = ("components", "schemas", "MemberSessionCreate", "properties", "member_id")
    sent = ("components", "schemas", "Order", "properties", "id")

    def test_when_a_request_reaches_an_id_then_it_accepts_every_form_and_all_others_have_one(self) -> None:
        document: Any = load_contract("0.1.0").effective
        schemas = document["components"]["schemas"]
        requests = [
            [operation.get(part) for part in ("parameters", "requestBody")]
            for item in document["paths"].values()
            for operation in item.values()
        ]
        reached: set[str] = set()
        todo = set(references(requests))
        while todo:
            reached |= todo
            todo = {name for known in reached for name in references(schemas[known])} - reached
        of_requests = {id(schema) for part in (requests, [schemas[name] for name in reached]) for schema in ids(part)}

        assert of_requests
        for schema in ids(document):
            place = self.accepted if id(schema) in of_requests else self.sent
            assert schema["pattern"] == pattern_of(*place).pattern

    @given(st.uuids(version=4))
    def test_when_sent_by_a_client_then_every_form_of_a_version_4_is_accepted(self, identifier: uuid.UUID) -> None:
        for place in (self.accepted, self.in_a_request_body):
            assert all(pattern_of(*place).fullmatch(form) for form in forms(identifier))

    @given(
        st.uuids().filter(lambda it: it.version != 4) | st.sampled_from([uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)])
    )
    def test_when_it_is_of_another_version_then_no_form_is_accepted(self, identifier: uuid.UUID) -> None:
        assert not any(pattern_of(*self.accepted).search(form) for form in forms(identifier))

    @pytest.mark.parametrize("text", ["", "nope", "123", "{", "urn:uuid:", "null"])
    def test_when_it_is_no_uuid_then_it_is_not_accepted(self, text: str) -> None:
        assert not pattern_of(*self.accepted).search(text)

    @given(st.uuids(version=4))
    def test_when_sent_by_the_service_then_it_has_one_form(self, identifier: uuid.UUID) -> None:
        assert {form for form in forms(identifier) if pattern_of(*self.sent).search(form)} == {str(identifier)}
