"""The parts of a running world that a request can change, its policies and webhook endpoints, in a document's format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mock_server.documents.endpoints import CHANGEABLE_OF_ENDPOINT, ENDPOINT_KEYS, read_endpoint
from mock_server.documents.errors import Problems, cut, shown
from mock_server.documents.fields import Fields
from mock_server.documents.merging import merged
from mock_server.documents.names import one_of
from mock_server.documents.parsing import WORLD_KEYS
from mock_server.documents.policies import POLICY_KEYS, read_policies
from mock_server.documents.schema import EndpointDocument
from mock_server.domain.policies import Policies
from polar_contract.json_types import JsonObject, as_object

CHANGEABLE = (*POLICY_KEYS, "webhook_endpoints")
_ADDABLE = ("orders", "customers", "products", "tokens")


@dataclass(frozen=True, slots=True)
class WorldChanges:
    """All policies, and by name the endpoints that the request mentions."""

    policies: Policies
    endpoints: Mapping[str, EndpointDocument]


def read_changes(present: JsonObject, sent: JsonObject) -> WorldChanges:
    """Merge the request into the present state, as a document is merged into the one that it extends.

    Errors: DocumentInvalid with every problem and its path.
    """
    problems = Problems()
    for key in sent:
        if key not in CHANGEABLE:
            problems.add(cut(key), _why_not(key))
    _find_endpoint_problems(present, sent, problems)
    problems.raise_if_any()
    fields = Fields(merged(present, sent), "", known=CHANGEABLE, problems=problems)
    mentioned = as_object(sent.get("webhook_endpoints"))
    endpoints = fields.objects("webhook_endpoints", known=ENDPOINT_KEYS)
    changes = WorldChanges(read_policies(fields), {key: read_endpoint(f) for key, f in endpoints if key in mentioned})
    problems.raise_if_any()
    return changes


def _why_not(key: str) -> str:
    possible = f"possible are: {', '.join(CHANGEABLE)}"
    if key in _ADDABLE:
        return f"can't be changed here; POST to /{key} of the world adds one; {possible}"
    return f"can't be changed in a world that is there; {possible}" if key in WORLD_KEYS else f"unknown key; {possible}"


def _find_endpoint_problems(present: JsonObject, sent: JsonObject, problems: Problems) -> None:
    """Report endpoints that do not exist, and keys of an endpoint that can't be changed."""
    mentioned, known = sent.get("webhook_endpoints", {}), as_object(present["webhook_endpoints"])
    if not isinstance(mentioned, dict):
        problems.add("webhook_endpoints", f"is {shown(mentioned)}; it has to be an object of named objects")
        return
    for key, change in mentioned.items():
        path = f"webhook_endpoints.{cut(key)}"
        if key not in known:
            problems.add(path, f"is not in this world; {one_of(known, 'it has no webhook endpoints')}")
        elif change is None:
            problems.add(path, "is null, and an endpoint can't be removed; enabled: false disables it")
        else:
            Fields(change, path, known=CHANGEABLE_OF_ENDPOINT, problems=problems)
