"""Read YAML (and JSON) into JSON values, by the rules of YAML 1.2: `no`, dates and keys are text. Independent of OpenAPI.

PyYAML alone reads YAML 1.1 and silently keeps the last of two equal keys; both would change the meaning of a contract.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from polar_contract.errors import DocumentUnreadable
from polar_contract.json_types import JsonObject, JsonValue, pointer_to

# More than any OpenAPI document has; a few aliases of aliases can ask for billions.
MAX_VALUES = 1_000_000
# Per value of a document: the value, its key and the end of a collection. Nodes take hundreds of bytes each.
_MOST_EVENTS = 3 * MAX_VALUES
# Ten times what an OpenAPI document needs. Nodes are composed in C, where unlimited depth is no exception but a crash.
MAX_DEPTH = 200


class _Yaml12Loader(yaml.CSafeLoader):
    """Resolves plain scalars by the core schema of YAML 1.2: JSON's, with a few more spellings."""


_Yaml12Loader.yaml_implicit_resolvers = {}
_Yaml12Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)
_Yaml12Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Yaml12Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Yaml12Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)


@dataclass(frozen=True, slots=True)
class BareKey:
    """A key that other YAML readers do not read as text, as in `200:`."""

    pointer: str
    text: str


@dataclass(slots=True)
class _Conversion:
    """Converts one document from YAML nodes to JSON values."""

    file: str
    bare_keys: list[BareKey] = field(default_factory=list)
    open_nodes: set[int] = field(default_factory=set)
    count: int = 0

    def value(self, node: yaml.Node, pointer: str) -> JsonValue:
        self.count += 1
        if self.count > MAX_VALUES or id(node) in self.open_nodes:
            raise self.refusal(node, pointer, "aliases make this document endless or very large; write the values out")
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, pointer)
        self.open_nodes.add(id(node))
        try:
            return self.mapping(node, pointer) if isinstance(node, yaml.MappingNode) else self.sequence(node, pointer)
        finally:
            self.open_nodes.discard(id(node))

    def mapping(self, node: yaml.MappingNode, pointer: str) -> JsonObject:
        found: JsonObject = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self.refusal(key_node, pointer, "a key has to be text, not a list or a mapping")
            key, here = key_node.value, pointer_to(pointer, key_node.value)
            if key in found:
                raise self.refusal(key_node, here, f"the key {key!r} appears here a second time; keep one of the two")
            if not key_node.tag.endswith(":str"):
                self.bare_keys.append(BareKey(here, key))
            found[key] = self.value(value_node, here)
        return found

    def sequence(self, node: yaml.Node, pointer: str) -> list[JsonValue]:
        return [self.value(item, pointer_to(pointer, index)) for index, item in enumerate(node.value)]

    def scalar(self, node: yaml.ScalarNode, pointer: str) -> JsonValue:
        kind, text = node.tag.rpartition(":")[2], str(node.value)
        match kind:
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int" | "float":
                return self.number(node, pointer)
        raise self.refusal(node, pointer, f"the tag {node.tag!r} has no meaning in JSON; leave it out")

    def number(self, node: yaml.ScalarNode, pointer: str) -> int | float:
        try:
            number = int(node.value) if node.tag.endswith(":int") else float(node.value)
        except ValueError as problem:
            raise self.refusal(node, pointer, f"the number can't be read: {problem}") from problem
        if number in (float("inf"), float("-inf")):
            raise self.refusal(node, pointer, "the number is too large")
        return number

    def refusal(self, node: yaml.Node, pointer: str, reason: str) -> DocumentUnreadable:
        return DocumentUnreadable(self.file, pointer, f"line {node.start_mark.line + 1}: {reason}")


def parse_yaml(text: str, file: str) -> tuple[JsonValue, list[BareKey]]:
    """The document as a JSON value, and the unquoted keys that other readers do not read as text.

    Errors: DocumentUnreadable (empty, not YAML, more than one document, a duplicate key, a tag without a meaning in JSON).
    """
    try:
        if text.lstrip().startswith("{"):
            with contextlib.suppress(ValueError, RecursionError):
                return _parse_json(text), []
        _require_shallow(text, file)
        node = yaml.compose(text, Loader=_Yaml12Loader)
        if node is None:
            raise DocumentUnreadable(file, "", "the file is empty; a document in YAML or JSON is expected")
        conversion = _Conversion(file)
        return conversion.value(node, ""), conversion.bare_keys
    except yaml.YAMLError as problem:
        raise DocumentUnreadable(file, "", _message_of(problem)) from problem
    except RecursionError as problem:
        # Deep through aliases of aliases.
        raise DocumentUnreadable(file, "", "the document is nested too deeply to be read") from problem


def _require_shallow(text: str, file: str) -> None:
    """Check events one by one, at any depth and number of values. Errors: DocumentUnreadable."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Yaml12Loader)):
        if count > _MOST_EVENTS:
            raise DocumentUnreadable(file, "", f"the document is very large: it has more than {MAX_VALUES} values")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            where = f"line {event.start_mark.line + 1}: " if event.start_mark else ""
            raise DocumentUnreadable(file, "", f"{where}the document is nested too deeply, beyond {MAX_DEPTH} levels")


def _parse_json(text: str) -> JsonValue:
    """Strict JSON without duplicate keys, else ValueError: then the YAML parser reports the place.

    PyYAML alone can't read JSON's surrogate pairs.
    """
    found: JsonValue = json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse)
    return found


def _distinct(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _refuse("duplicate key")


def _refuse(reason: str) -> NoReturn:
    raise ValueError(reason)


def _message_of(problem: yaml.YAMLError) -> str:
    mark = getattr(problem, "problem_mark", None)
    what = getattr(problem, "problem", None) or getattr(problem, "reason", None) or "it can't be parsed"
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{where}this is not YAML: {what}"
