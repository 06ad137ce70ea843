"""The contract's operations: their routes, their security and the requests they accept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_server.contract.errors import UnsupportedSchema
from mock_server.contract.requests import Body, CheckedRequest, RequestCheck
from polar_contract.behaviour import Behaviour
from polar_contract.json_types import JsonObject
from polar_contract.operations import operation_nodes

# Later documents name each kind of organization's token by itself. Source: Polar's documents of 0.1.0 and 2026-04.
_KINDS = {"oat": "access_token"}


@dataclass(frozen=True, slots=True)
class Operation:
    """`scopes` by the kind of token: any one of a kind's scopes is enough."""

    operation_id: str
    method: str
    template: str
    scopes: Mapping[str, frozenset[str]]
    has_body: bool
    request_check: RequestCheck

    def accepts(self, scheme: str) -> frozenset[str] | None:
        """The scopes of this scheme, of which a credential needs one; None if the operation does not take the scheme."""
        return self.scopes.get(scheme)

    def check(self, path_parameters: Mapping[str, str], query: Sequence[tuple[str, str]], body: Body) -> CheckedRequest:
        """Check a whole request. Errors: RequestInvalid with every violation."""
        return self.request_check.run(path_parameters, query, body)


def read_operations(document: JsonObject, behaviour: Behaviour) -> tuple[Operation, ...]:
    """All operations in the document's order. `document`: OpenAPI 3.1 with its references resolved. Errors: UnsupportedSchema."""
    return tuple(
        _operation(method.upper(), template, node, behaviour) for template, method, node in operation_nodes(document)
    )


def operation_ids(document: JsonObject) -> tuple[str, ...]:
    """The ids of all operations, in the document's order; the quick look before `read_operations`."""
    return tuple(str(node["operationId"]) for _, _, node in operation_nodes(document))


def _operation(method: str, template: str, node: Any, behaviour: Behaviour) -> Operation:
    body_node = node.get("requestBody", {})
    body = body_node.get("content", {}).get("application/json", {}).get("schema")
    try:
        is_required = body_node.get("required", False)
        request_check = RequestCheck(node.get("parameters", []), body, behaviour, is_body_required=is_required)
    except UnsupportedSchema as problem:
        raise UnsupportedSchema(problem.schema, node["operationId"]) from None
    return Operation(
        operation_id=node["operationId"],
        method=method,
        template=template,
        scopes={
            _KINDS.get(scheme, scheme): frozenset(scopes)
            for entry in node["security"]
            for scheme, scopes in entry.items()
        },
        has_body=body is not None,
        request_check=request_check,
    )
