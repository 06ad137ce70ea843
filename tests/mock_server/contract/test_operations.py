"""Documents of other revisions: a schema is checked, or its operation is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.contract.errors import UnsupportedSchema
from mock_server.contract.operations import read_operations
from tests.mock_server.factories import the_behaviour


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
