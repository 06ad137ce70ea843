"""Resolve documents that extend a scenario: `extends: demo`, or `scenario: demo`, which means the same."""

from __future__ import annotations

from mock_server.documents.errors import DocumentInvalid, Problem, shown
from mock_server.documents.merging import merged
from mock_server.documents.parsing import parse_world_document
from mock_server.documents.scenarios import scenario_document, scenario_names, without_identity
from mock_server.documents.schema import WorldDocument
from polar_contract.json_types import JsonValue

_KEYS = ("extends", "scenario")


def read_world_document(value: JsonValue, *, has_fresh_identity: bool) -> WorldDocument:
    """A document merged into the scenario that it names, if any.

    `has_fresh_identity`: the scenario's ids, tokens and secrets are replaced by fresh ones, so that any number of such
    worlds can exist; those that the document itself gives are kept.
    Errors: DocumentInvalid with every problem and its path; ScenarioUnknown.
    """
    used = [word for word in _KEYS if isinstance(value, dict) and word in value]
    if not used or not isinstance(value, dict):
        return parse_world_document(value, also_possible=_KEYS)
    if len(used) > 1:
        raise DocumentInvalid((Problem("scenario", "means the same as extends; say one of the two"),))
    base = scenario_document(_wanted(used[0], value[used[0]]))
    changes = {key: change for key, change in value.items() if key not in _KEYS}
    return parse_world_document(merged(without_identity(base) if has_fresh_identity else base, changes))


def _wanted(word: str, name: JsonValue) -> str:
    if not isinstance(name, str):
        known = ", ".join(scenario_names())
        raise DocumentInvalid((Problem(word, f"is {shown(name)}; it has to be the name of a scenario: {known}"),))
    return name
