"""The named worlds that ship with the mock: a folder of files, each with a description and a world document."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mock_server.documents.errors import ScenarioUnknown
from mock_server.documents.parsing import parse_world_document
from mock_server.documents.schema import WorldDocument
from polar_contract.json_types import JsonObject, JsonValue, as_object
from polar_contract.loading import parsed_once

# No object of a scenario is named like one of these.
_IDENTITY = frozenset({"id", "item_id", "price_id", "token", "secret"})
_FOLDER = Path(__file__).with_name("scenarios")


class ScenarioSummary(NamedTuple):
    name: str
    sentence: str


def list_scenarios() -> tuple[ScenarioSummary, ...]:
    return tuple(ScenarioSummary(name, str(_read(name)["sentence"])) for name in scenario_names())


def scenario_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def load_scenario(name: str) -> WorldDocument:
    """A scenario with its fixed ids and tokens. Errors: ScenarioUnknown."""
    return parse_world_document(scenario_document(name))


def scenario_document(name: str) -> JsonObject:
    """A scenario as its file has it. Errors: ScenarioUnknown."""
    if name not in scenario_names():
        raise ScenarioUnknown(name, scenario_names())
    return as_object(_read(name)["world"])


def _read(name: str) -> JsonObject:
    """The file of a scenario. Parsed once, because a YAML parser takes longer than all else at a start."""
    return parsed_once(_FOLDER / f"{name}.yaml", f"scenario-{name}")


def without_identity(document: JsonObject) -> JsonObject:
    """The same document without ids, tokens and secrets, so that any number of worlds can be built from it."""
    return as_object(_without_identity(document))


def _without_identity(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_without_identity(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _without_identity(one) for key, one in value.items() if key not in _IDENTITY}
