"""The published contract plus the overlay: what is added, what is widened, and how both are marked."""

from __future__ import annotations

import copy
import functools
import re
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polar_contract import load_contract
from polar_contract.errors import OverlayMismatch
from polar_contract.json_types import as_object
from polar_contract.overlay import apply_overlay


def an_error(name: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"error": {"const": name}}}


def a_published_contract() -> dict[str, Any]:
    refused = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}}}
    either = {
        "content": {"application/json": {"schema": {"anyOf": [{"$ref": "#/components/schemas/Refused"}], "title": "T"}}}
    }
    return {
        "paths": {"/a": {"post": {"operationId": "a", "responses": {"202": {}, "404": refused, "422": either}}}},
        "components": {"schemas": {"Refused": an_error("Refused")}},
    }


def an_overlay(**changes: Any) -> dict[str, Any]:
    answer = {
        "status": "401",
        "description": "d",
        "schemas": ["Extra", "Refused"],
        "headers": {"X-A": "H"},
        "source": "seen",
    }
    return {
        "components": {"schemas": {"Extra": an_error("Extra")}},
        "headers": {"H": {"required": True, "schema": {"type": "string"}}},
        "answers": {
            "added": answer,
            "widening": {"status": "404", "schemas": ["Extra"], "source": "seen too"},
            "extending": {"status": "422", "schemas": ["Extra"], "source": "seen three"},
            "ours": {"status": "413", "description": "d", "schemas": ["Extra"], "mock_only": True, "source": "own"},
            "empty": {"status": "429", "description": "d", "source": "seen four"},
        },
        "every_operation": ["added"],
        "operations": {"a": ["widening", "extending", "ours", "empty"]},
    } | changes


def test_when_forms_overlap_then_a_body_may_fit_several() -> None:
    published = a_published_contract()
    published["components"]["schemas"]["Refused"] = {"oneOf": [{"type": "object"}, {"required": ["more"]}]}
    effective = apply_overlay(published, an_overlay(overlapping=["/components/schemas/Refused"]))
    assert as_object(as_object(effective["components"])["schemas"])["Refused"] == {
        "anyOf": [{"type": "object"}, {"required": ["more"]}],
        "x-widened-by": "overlay",
    }


def test_when_there_is_no_choice_of_forms_then_the_overlay_is_refused() -> None:
    with pytest.raises(OverlayMismatch, match="no oneOf there"):
        apply_overlay(a_published_contract(), an_overlay(overlapping=["/components/schemas/Refused"]))


EXTRA = {"$ref": "#/components/schemas/Extra"}
REFUSED = {"$ref": "#/components/schemas/Refused"}


class GivenALawAndItsOverlay:
    def responses(self) -> dict[str, Any]:
        effective: Any = apply_overlay(a_published_contract(), an_overlay())
        found: dict[str, Any] = effective["paths"]["/a"]["post"]["responses"]
        return found

    def test_when_applied_then_neither_of_them_changes(self) -> None:
        published, overlay = a_published_contract(), an_overlay()
        before = copy.deepcopy((published, overlay))

        apply_overlay(published, overlay)

        assert (published, overlay) == before

    def test_when_a_status_is_new_then_the_response_says_that_the_overlay_added_it(self) -> None:
        assert self.responses()["401"] == {
            "description": "d",
            "headers": {"X-A": {"required": True, "schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"anyOf": [EXTRA, REFUSED]}}},
            "x-origin": "overlay",
            "x-source": "seen",
        }

    def test_when_a_status_is_known_then_the_contracts_alternative_comes_first(self) -> None:
        widened = self.responses()["404"]

        assert widened["content"]["application/json"]["schema"] == {"anyOf": [REFUSED, EXTRA]}
        assert (widened["x-widened-by"], widened["x-source"], "x-origin" in widened) == ("overlay", "seen too", False)

    def test_when_the_contract_has_alternatives_then_ours_is_one_more(self) -> None:
        schema = self.responses()["422"]["content"]["application/json"]["schema"]

        assert schema == {"anyOf": [REFUSED, EXTRA], "title": "T"}

    def test_when_an_answer_is_the_mocks_own_then_it_says_so(self) -> None:
        assert [status for status, it in self.responses().items() if it.get("x-mock-only")] == ["413"]

    def test_when_an_answer_has_no_schemas_then_it_has_no_content(self) -> None:
        assert "content" not in self.responses()["429"]

    def test_when_a_component_is_added_then_it_says_whose_it_is(self) -> None:
        effective: Any = apply_overlay(a_published_contract(), an_overlay())

        assert {name: it.get("x-origin") for name, it in effective["components"]["schemas"].items()} == {
            "Refused": None,
            "Extra": "overlay",
        }


class GivenAnOverlayThatDoesNotFit:
    @pytest.mark.parametrize(
        ("changes", "pointer", "words"),
        [
            ({"operations": {"b": []}}, "/operations/b", "no operation"),
            ({"operations": {"a": ["nope"]}}, "/operations/a", "'nope'"),
            ({"operations": {"a": ["added"]}}, "/operations/a", "two answers"),
            ({"components": {"schemas": {"Refused": {}}}}, "/components/schemas/Refused", "already"),
            (
                {"answers": {"added": {"status": "401", "schemas": ["Nope"], "source": "s"}}},
                "/components/schemas",
                "'Nope'",
            ),
            ({"answers": {"added": {"status": "401", "headers": {"A": "Nope"}, "source": "s"}}}, "/headers", "'Nope'"),
            ({"answers": {"added": {"status": 401, "source": "s"}}}, "/answers", "status"),
            ({"answers": {"added": {"status": "401"}}}, "/answers", "source"),
        ],
    )
    def test_when_applied_then_the_place_is_named(self, changes: dict[str, Any], pointer: str, words: str) -> None:
        with pytest.raises(OverlayMismatch) as mismatch:
            apply_overlay(a_published_contract(), an_overlay(**changes))

        assert (mismatch.value.pointer, words in mismatch.value.reason) == (pointer, True), str(mismatch.value)


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
