"""Applying an overlay: what its actions change, and which mistakes are found."""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polar_contract.errors import OverlayMismatch
from polar_contract.overlay import apply_overlay


def a_published_contract() -> dict[str, Any]:
    return {
        "paths": {
            "/a": {"get": {"responses": {"200": {"description": "ok"}}}, "post": {"responses": {}}},
            "/b": {"get": {"responses": {"200": {"description": "ok", "headers": {"X-A": {"required": True}}}}}},
        },
        "tags": [{"name": "one"}, {"name": "two"}, {"name": "one"}],
        "components": {"schemas": {"Known": {"type": "object", "required": ["a"]}}},
    }


def an_overlay(*actions: Any, **changes: Any) -> dict[str, Any]:
    return {"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": list(actions)} | changes


def effective(*actions: Any) -> Any:
    return apply_overlay(a_published_contract(), an_overlay(*actions))


NEW = {"description": "d", "x-origin": "overlay", "x-source": "seen"}
OF_KNOWN = "$.components.schemas.Known"


class GivenAnUpdate:
    def test_when_applied_then_neither_document_changes(self) -> None:
        published, overlay = (
            a_published_contract(),
            an_overlay({"target": "$.paths.*.*", "update": {"responses": {"404": NEW}}}),
        )
        before = copy.deepcopy((published, overlay))

        apply_overlay(published, overlay)

        assert (published, overlay) == before

    def test_when_the_target_selects_objects_then_it_is_merged_into_each(self) -> None:
        update = {"200": {"description": "changed", "headers": {"X-B": {}}, "x-source": "s"}}

        paths = effective({"target": "$.paths.*.get.responses", "update": update})["paths"]

        assert paths["/a"]["get"]["responses"]["200"] == {
            "description": "changed",
            "headers": {"X-B": {}},
            "x-source": "s",
        }
        assert paths["/b"]["get"]["responses"]["200"]["headers"] == {"X-A": {"required": True}, "X-B": {}}
        assert paths["/a"]["post"] == {"responses": {}}

    def test_when_a_later_action_changes_one_of_the_places_then_the_others_stay(self) -> None:
        paths = effective(
            {"target": "$.paths.*.*.responses", "update": {"404": NEW}},
            {"target": "$.paths['/a'].get.responses['404']", "update": {"description": "of a"}},
        )["paths"]

        assert paths["/a"]["get"]["responses"]["404"]["description"] == "of a"
        assert paths["/b"]["get"]["responses"]["404"] == NEW

    @pytest.mark.parametrize(
        "entry", [{"name": "three"}, "three", ["three"], None], ids=["object", "text", "list", "null"]
    )
    def test_when_the_target_selects_a_list_then_it_is_appended_as_one_entry(self, entry: Any) -> None:
        tags = effective({"target": "$.tags", "update": entry})["tags"]

        assert tags == [*a_published_contract()["tags"], entry]

    def test_when_a_list_is_inside_of_the_update_then_both_lists_are_joined(self) -> None:
        schema = effective({"target": OF_KNOWN, "update": {"required": ["b", "c"]}})["components"]["schemas"]["Known"]

        assert schema["required"] == ["a", "b", "c"]

    def test_when_a_place_is_selected_twice_then_it_is_changed_once(self) -> None:
        assert effective({"target": "$['tags', 'tags']", "update": 1})["tags"].count(1) == 1


class GivenARemoval:
    def test_when_the_target_selects_objects_then_they_are_gone_from_what_had_them(self) -> None:
        changed = effective({"target": "$..get", "remove": True}, {"target": "$.components.schemas", "remove": True})

        assert (changed["paths"], changed["components"]) == ({"/a": {"post": {"responses": {}}}, "/b": {}}, {})

    def test_when_the_target_selects_items_of_a_list_then_the_others_stay_in_their_order(self) -> None:
        assert effective({"target": "$.tags[?@.name == 'one']", "remove": True})["tags"] == [{"name": "two"}]
        assert effective({"target": "$.tags[2, 0]", "remove": True})["tags"] == [{"name": "two"}]

    def test_when_the_action_has_an_update_too_then_it_has_no_effect(self) -> None:
        assert "tags" not in effective({"target": "$.tags", "update": "three", "remove": True})

    def test_when_a_later_action_adds_it_again_then_only_the_new_one_is_there(self) -> None:
        changed = effective(
            {"target": OF_KNOWN, "remove": True}, {"target": "$.components.schemas", "update": {"Known": {}}}
        )

        assert changed["components"]["schemas"] == {"Known": {}}


class GivenAnOverlayWithAMistake:
    @pytest.mark.parametrize(
        ("overlay", "pointer", "words"),
        [
            ({}, "", "no `overlay`"),
            (an_overlay(overlay=1.0), "/overlay", "has to be text; this is a number"),
            (an_overlay(overlay="1.1.0"), "/overlay", "Overlay '1.1.0'; only 1.0"),
            (an_overlay(info="t"), "/info", "has to be an object; this is text"),
            (an_overlay(info={"title": "t"}), "/info", "no `version`"),
            (an_overlay(info={"title": None, "version": "1"}), "/info/title", "this is null"),
            (an_overlay(1, info={"title": "t", "version": "1", "licence": "x"}), "/info/licence", "no such field"),
            (an_overlay(extends=["openapi.yaml"]), "/extends", "this is a list"),
            (an_overlay(), "/actions", "no actions"),
            (an_overlay(actions={}), "/actions", "has to be a list; this is an object"),
            (an_overlay(1, answers={}), "/answers", "no such field"),
            (an_overlay("remove"), "/actions/0", "has to be an object; this is text"),
            (an_overlay({"target": "$"}, 1, {"target": "$"}), "/actions/2", "the same as an earlier one"),
        ],
    )
    def test_when_applied_then_the_place_is_named(self, overlay: dict[str, Any], pointer: str, words: str) -> None:
        self.refused(overlay, pointer, words)

    @pytest.mark.parametrize(
        ("action", "pointer", "words"),
        [
            ({}, "", "no `target`"),
            ({"target": 3}, "/target", "this is a number"),
            ({"target": "$.tags"}, "", "changes nothing"),
            ({"target": "$.tags", "remove": False}, "", "changes nothing"),
            ({"target": "$.tags", "remove": "yes"}, "/remove", "true or false; this is text"),
            ({"target": "$.tags", "description": [], "update": 1}, "/description", "this is a list"),
            ({"target": "$.tags", "copy": "$.paths"}, "/copy", "no such field"),
            ({"target": "$.tags", "x-selects": True, "update": 1}, "/x-selects", "1 or more"),
            ({"target": "$.tags", "x-selects": 0, "update": 1}, "/x-selects", "1 or more"),
            ({"target": "$.tags.*", "x-selects": 2, "update": {}}, "/target", "selects 3, and `x-selects` says 2"),
            ({"target": "", "remove": True}, "/target", "not JSONPath"),
            ({"target": "$.paths[", "remove": True}, "/target", "unexpected end of query"),
            ({"target": "/paths", "remove": True}, "/target", "not JSONPath"),
            ({"target": "$.paths[?nope(@)]", "remove": True}, "/target", "'nope'"),
            ({"target": "$.paths['/c']", "remove": True}, "/target", "selects nothing"),
            ({"target": "$.tags[*].name", "update": "x"}, "/target", "single value, at /tags/0/name"),
            ({"target": "$", "remove": True}, "/remove", "whole document"),
            ({"target": "$.paths", "update": "x"}, "/update", "has to be one; this is text"),
            ({"target": "$", "update": {"paths": None}}, "/update/paths", "has an object here, which can't become null"),
            ({"target": "$.paths", "update": {"/a": ["x"]}}, "/update/~1a", "can't become a list"),
            ({"target": "$", "update": {"tags": {}}}, "/update/tags", "has a list here, which can't become an object"),
            ({"target": OF_KNOWN, "update": {"type": ["x"]}}, "/update/type", "has text here, which can't become a list"),
            ({"target": OF_KNOWN, "update": {"x-origin": "overlay"}}, "/update", "already has this"),
            ({"target": "$.components", "update": {"schemas": {"Known": NEW}}}, "/update/schemas/Known", "already has this"),
        ],
    )  # fmt: skip
    def test_when_it_is_in_an_action_then_its_place_is_named(self, action: Any, pointer: str, words: str) -> None:
        self.refused(an_overlay({"target": "$", "update": {"x-ours": 1}}, action), f"/actions/1{pointer}", words)

    @pytest.mark.parametrize("mark", ["x-origin", "x-widened-by"])
    @pytest.mark.parametrize("source", [{}, {"x-source": 1}], ids=["absent", "number"])
    def test_when_a_marked_response_has_no_source_then_it_is_named(self, mark: str, source: dict[str, Any]) -> None:
        action = {"target": "$.paths['/a'].post.responses", "update": {"404": {mark: "overlay"} | source}}

        self.refused(an_overlay(action), "/actions", "the response 404 of POST /a needs its `x-source`")

    def refused(self, overlay: dict[str, Any], pointer: str, words: str) -> None:
        with pytest.raises(OverlayMismatch) as mismatch:
            apply_overlay(a_published_contract(), overlay)

        assert (mismatch.value.pointer, words in mismatch.value.reason) == (pointer, True), str(mismatch.value)
        assert "\n" not in mismatch.value.reason


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, 3, -1.5, True, "", "x", "$", "$..*", "$.tags", "$[?", [], {}, [1], {"a": []}, {"tags": [1]}]
)


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({}, optional={"target": ODD, "update": ODD, "remove": ODD, "x-selects": ODD}), max_size=3
    )
)
def test_when_actions_have_odd_values_then_they_are_applied_or_refused(actions: list[Any]) -> None:
    published = a_published_contract()

    with contextlib.suppress(OverlayMismatch):
        assert isinstance(apply_overlay(published, an_overlay(*actions)), dict)

    assert published == a_published_contract()
