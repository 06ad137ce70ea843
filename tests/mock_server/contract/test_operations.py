"""The properties of an operation: its route, its callers, whether it reads a body."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.contract.errors import UnsupportedSchema
from mock_server.contract.operations import read_operations
from polar_contract import Contract
from polar_contract.json_types import as_object
from tests.mock_server.contract.requests import Operations
from tests.mock_server.factories import the_behaviour

READ = frozenset({"customer_portal:read", "customer_portal:write"})
WRITE = frozenset({"customer_portal:write"})


class GivenTheContract:
    def test_then_its_operations_are_read_in_its_order(self, contract: Contract, operations: Operations) -> None:
        paths = as_object(contract.resolved["paths"])
        written = [(method.upper(), path) for path, item in paths.items() for method in as_object(item)]

        assert [(operation.method, operation.template) for operation in operations.values()] == written

    def test_then_only_operations_that_declare_a_body_read_one(self, operations: Operations) -> None:
        assert {name for name, operation in operations.items() if operation.has_body} == {
            "customer_portal:orders:update",
            "customer_portal:orders:confirm_retry_payment",
            "customer_portal:customers:update",
            "customer-sessions:create",
            "member-sessions:create",
            "orders:update",
            "webhooks:create_webhook_endpoint",
            "webhooks:update_webhook_endpoint",
        }

    @pytest.mark.parametrize(
        ("name", "scheme", "scopes"),
        [
            ("customer_portal:orders:get", "customer_session", READ),
            ("customer_portal:orders:get", "member_session", READ),
            ("customer_portal:orders:get", "access_token", None),
            ("customer_portal:orders:generate_invoice", "member_session", READ),
            ("customer_portal:orders:update", "customer_session", WRITE),
            ("orders:generate_invoice", "access_token", frozenset({"orders:read"})),
            ("orders:update", "access_token", frozenset({"orders:write"})),
            ("orders:update", "customer_session", None),
            ("orders:update", "no such scheme", None),
            ("webhooks:get_webhook_endpoint", "access_token", frozenset({"webhooks:read", "webhooks:write"})),
        ],
    )
    def test_when_asked_for_a_scheme_then_it_gives_the_scopes_of_that_alternative(
        self, operations: Operations, name: str, scheme: str, scopes: frozenset[str] | None
    ) -> None:
        assert operations[name].accepts(scheme) == scopes


def document_with(schema: Any, *, in_body: bool = False) -> Any:
    """An operation whose body, or whose query parameter, has this schema."""
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    parameter = {"parameters": [{"name": "kind", "in": "query", "schema": schema}]}
    operation = {"operationId": "orders:new", "security": [], "responses": {}, **(body if in_body else parameter)}
    return {"paths": {"/v1/new": {"post": operation}}}


_types = st.sampled_from(["string", "integer", "boolean", "array", "object", "number", "null", ["string", "null"]])
_title = st.just("New")
_schemas: st.SearchStrategy[Any] = st.recursive(
    st.fixed_dictionaries({}, optional={"type": _types, "title": _title, "enum": st.just(["a", "b"])}),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"type": _types}, optional={"items": inner, "title": _title}),
        st.fixed_dictionaries({"type": _types, "title": _title, "properties": st.fixed_dictionaries({"a": inner})}),
    ),
    max_leaves=6,
)


class GivenADocumentOfAnotherRevision:
    @pytest.mark.parametrize(
        ("schema", "in_body"),
        [
            ({"type": ["string", "null"]}, False),
            ({"type": "number"}, False),
            ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, False),
            ({"const": 1}, False),
            ({"type": "object", "properties": {}}, True),
            ({"type": "object", "title": "New", "additionalProperties": {"type": "string"}}, True),
            ({"type": "array"}, False),
        ],
    )
    def test_when_a_schema_has_an_unknown_form_then_the_error_shows_operation_and_schema(
        self, schema: Any, in_body: bool
    ) -> None:
        with pytest.raises(UnsupportedSchema) as refused:
            read_operations(document_with(schema, in_body=in_body), the_behaviour())

        assert str(refused.value).startswith(
            "orders:new has a schema that mock_server/contract/schemas.py can't check: {"
        )
        assert refused.value.schema == schema

    @given(_schemas, st.booleans())
    def test_when_it_has_any_schema_then_it_is_read_or_refused_by_name(self, schema: Any, in_body: bool) -> None:
        ended: list[str | None] = []
        try:
            ended += [
                it.operation_id for it in read_operations(document_with(schema, in_body=in_body), the_behaviour())
            ]
        except UnsupportedSchema as refused:
            ended.append(refused.operation_id)

        assert ended == ["orders:new"]
