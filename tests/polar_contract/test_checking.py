"""The output of `spec check`: one message per problem with file and pointer, and never a traceback."""

from __future__ import annotations

import contextlib
import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from polar_contract import checking
from polar_contract.checking import check_document
from polar_contract.problems import Problem
from polar_contract.validating import schema_problems

GOOD = """\
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a/{id}:
    get:
      operationId: a
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok}}
    delete:
      operationId: b
      parameters: [{$ref: '#/components/parameters/Id'}]
      responses: {'204': {description: gone}}
components:
  parameters: {Id: {name: id, in: path, required: true, schema: {$ref: '#/components/schemas/Tree'}}}
  schemas: {Tree: {type: object, properties: {type: {type: string}, branch: {$ref: '#/components/schemas/Tree'}}}}
  securitySchemes: {key: {type: http, scheme: bearer}}
"""
SCHEMA = "/paths/~1a~1{id}/get/parameters/0/schema"


def problems_of(folder: Path, content: bytes) -> list[Problem]:
    file = folder / "document.yaml"
    file.write_bytes(content)
    return check_document(file)


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


class GivenAGoodDocument:
    def test_when_checked_then_there_is_nothing_to_say(self, tmp_path: Path) -> None:
        assert problems_of(tmp_path, GOOD.encode()) == []


class GivenAFileThatIsNoDocument:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"\n \n", "empty"),
            (b"{a: [", "not YAML"),
            (b"\x89PNG\r\n\x1a\n\0", "not UTF-8"),
            (b"a: \0", "NUL"),
            ("a: b".encode("utf-16"), "not UTF-8"),
            (b"- a\n", "a list"),
            (b"hello", "'hello'"),
        ],
    )
    def test_when_checked_then_one_message_says_so(self, tmp_path: Path, content: bytes, words: str) -> None:
        (problem,) = problems_of(tmp_path, content)

        assert (problem.pointer, words in problem.message) == ("", True), str(problem)

    def test_when_it_is_missing_or_a_folder_then_the_message_names_it(self, tmp_path: Path) -> None:
        missing = tmp_path / "missing.yaml"

        assert [str(it) for it in check_document(missing)] == [f"{missing}:/: there is no such file"]
        assert "this is a folder" in str(check_document(tmp_path)[0])


class GivenAnotherVersion:
    @pytest.mark.parametrize(
        ("line", "pointer", "words"),
        [
            ("swagger: '2.0'", "/swagger", "2.0"),
            ("openapi: 3.0.3", "/openapi", "3.0.3"),
            ("openapi: 3.2.0", "/openapi", "3.2.0"),
            ("openapi: 3.1", "/openapi", "three parts"),
            ("openapi:", "/openapi", "None"),
            ("info: {}", "", "no `openapi` field"),
            ("openapi: 3.1.0", "", "nothing is described"),
        ],
    )
    def test_when_checked_then_only_the_version_is_spoken_of(
        self, tmp_path: Path, line: str, pointer: str, words: str
    ) -> None:
        (problem,) = problems_of(tmp_path, f"{line}\nwrong: too\n".encode())

        assert (problem.pointer, words in problem.message) == (pointer, True), str(problem)


class GivenADocumentWithOneMistake:
    @pytest.mark.parametrize(
        ("content", "pointer", "words"),
        [
            (edited("'200'", "200"), "/paths/~1a~1{id}/get/responses/200", "without quotes"),
            (
                edited("operationId: b", "operationId: b\n      operationId: c"),
                "/paths/~1a~1{id}/delete/operationId",
                "line 11",
            ),
            (edited("operationId: b", "operationId: a"), "/paths/~1a~1{id}/delete/operationId", "already"),
            (edited("{type: string}", "{type: strng}"), f"{SCHEMA}/type", "'strng' is not a type"),
            (edited("{type: string}", "{type: [string, nil]}"), f"{SCHEMA}/type", "'nil' is not a type"),
            (edited("{type: string}", "{type: string, default: 3}"), f"{SCHEMA}/default", "not of type 'string'"),
            (edited("{type: string}", "{$ref: '#/components/schemas/X'}"), f"{SCHEMA}/$ref", "has no target"),
            (edited("{type: string}", "{$ref: 'file:///etc/passwd'}"), f"{SCHEMA}/$ref", "not followed"),
            (edited("{type: string}", "{$ref: 3}"), f"{SCHEMA}/$ref", "has to be text"),
            (edited("{type: string}", f"{{$ref: '#{SCHEMA}'}}"), f"{SCHEMA}/$ref", "has no target"),
            (edited("/a/{id}", "/a/{id}/{b}"), "/paths/~1a~1{id}~1{b}/get", "'b' is not declared"),
            (edited("openapi:", "security: [{lock: []}]\nopenapi:"), "/security/0/lock", "defined are: key"),
            (edited("operationId: a", "security: [{lock: []}]"), "/paths/~1a~1{id}/get/security/0/lock", "'lock'"),
            (edited("{description: ok}", "{}"), "/paths/~1a~1{id}/get/responses/200", "'description' is a required"),
            (edited("info: {title: t, version: '1'}\n", ""), "", "'info' is a required"),
            (edited("components:", "wrong: 1\ncomponents:"), "", "'wrong'"),
            (edited("[{$ref", "[{$ref: '#/info'}, {$ref"), "", "an object of the wrong kind"),
        ],
    )
    def test_when_checked_then_the_first_message_names_it_and_its_place(
        self, tmp_path: Path, content: str, pointer: str, words: str
    ) -> None:
        problem = problems_of(tmp_path, content.encode())[0]

        assert (problem.pointer, words in problem.message) == (pointer, True), str(problem)

    def test_when_the_value_is_long_then_its_message_stays_on_one_line(self, tmp_path: Path) -> None:
        content = edited("{title: t, version: '1'}", "[" + ", ".join(["'a\\nb'"] * 500) + "]")

        (line,) = [str(problem) for problem in problems_of(tmp_path, content.encode())]

        assert "\n" not in line
        assert len(line) < 600


OVERLAY = """\
overlay: 1.0.0
info: {title: t, version: '1'}
actions:
  - target: $.components.schemas
    update: {Leaf: {type: object, x-origin: overlay}}
"""


class GivenABundledOverlay:
    @pytest.mark.parametrize(
        ("old", "new", "pointer", "words"),
        [
            ("$.components.schemas", "$.components.schema", "/actions/0/target", "selects nothing"),
            ("$.components.schemas", "$.components[schemas]", "/actions/0/target", "is not JSONPath"),
            ("$.components.schemas", "[components, schemas]", "/actions/0/target", "has to be text"),
            ("{Leaf", "[Leaf", "", "not YAML"),
            ("{Leaf: {type: object, x-origin: overlay}}", "Leaf", "/actions/0/update", "has to be one; this is text"),
            ("Leaf", "Tree", "/actions/0/update/Tree", "already has this"),
            ("1.0.0", "2.0.0", "/overlay", "only 1.0"),
            ("actions", "x-actions", "", "no `actions`"),
        ],
    )
    def test_when_it_has_a_mistake_then_its_file_and_pointer_are_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, pointer: str, words: str
    ) -> None:
        assert old in OVERLAY
        (problem,) = self.problems_with(OVERLAY.replace(old, new, 1), tmp_path, monkeypatch)

        assert problem.file == str(tmp_path / "0.1.0" / "overlay.yaml")
        assert (problem.pointer, words in problem.message) == (pointer, True), str(problem)

    def test_when_what_it_adds_breaks_a_rule_then_the_place_in_the_effective_document_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (problem,) = self.problems_with(OVERLAY.replace("type: object", "type: thing"), tmp_path, monkeypatch)

        assert problem.file == f"{tmp_path / '0.1.0' / 'openapi.yaml'}+overlay.yaml"
        assert problem.pointer == "/components/schemas/Leaf/type"

    def test_when_it_is_right_then_there_are_no_problems(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.problems_with(OVERLAY, tmp_path, monkeypatch) == []

    def problems_with(self, overlay: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
        (folder / "0.1.0").mkdir()
        (folder / "0.1.0" / "openapi.yaml").write_text(GOOD)
        (folder / "0.1.0" / "overlay.yaml").write_text(overlay)
        monkeypatch.setattr(checking, "spec_folder", lambda: folder)
        # There is only this revision, and it has no behaviour; test_behaviour.py checks those.
        return [
            problem
            for problem in check_document(None)
            if "0.1.0" in problem.file and not problem.file.endswith("behaviour.yaml")
        ]


def places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
    return [at, *(place for key in keys for place in places(node[key], (*at, key)))][0 if at else 1 :]


def with_changes(changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
    """The good document with other values at some places."""
    document = copy.deepcopy(DOCUMENT)
    for place, odd in changes:
        node = document
        # The first change may have removed the place of the second.
        with contextlib.suppress(KeyError, IndexError, TypeError):
            for key in place[:-1]:
                node = node[key]
            node[place[-1]] = odd
    return document


DOCUMENT: Any = yaml.safe_load(GOOD.replace("3.1.0", "'3.1.0'"))
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        3,
        -1.5,
        True,
        "",
        "x",
        [],
        {},
        [1],
        [None],
        {"$ref": "#/paths"},
        {"$ref": "#/"},
        {"$ref": "#/info/title"},
        {"a": []},
    ]
)


odd_documents = st.lists(st.tuples(st.sampled_from(places(DOCUMENT)), ODD), min_size=1, max_size=2).map(with_changes)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd_documents)
@example(with_changes([(("components", "schemas", "Tree", "properties"), {"$ref": "#/"})]))
def test_when_any_part_is_replaced_by_something_odd_then_the_check_still_answers(tmp_path: Path, document: Any) -> None:
    for problem in problems_of(tmp_path, yaml.safe_dump(document).encode()):
        assert str(problem).startswith(f"{tmp_path / 'document.yaml'}:/")
        assert problem.message


@given(odd_documents)
def test_when_any_part_is_replaced_by_something_odd_then_the_quick_validator_accepts_no_more_than_the_slow_one(
    document: Any,
) -> None:
    slow = [error.message for error in OpenAPIV31SpecValidator.schema_validator.iter_errors(document)]

    assert bool(schema_problems(document, "file")) == bool(slow), slow
