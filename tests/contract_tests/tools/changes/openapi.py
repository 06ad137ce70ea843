"""Small OpenAPI documents for the tests: one operation, `things:make`, with what a test names."""

from __future__ import annotations

from typing import Any


def document(
    *,
    answer: Any = None,
    body: Any = None,
    parameters: list[Any] | None = None,
    responses: dict[str, Any] | None = None,
    operation: dict[str, Any] | None = None,
    path: str = "/things/{id}",
    **schemas: Any,
) -> Any:
    """A document whose operation answers 200 with `answer` and takes `body`; `schemas` are its components."""
    node: dict[str, Any] = {
        "operationId": "things:make",
        "parameters": parameters or [],
        "responses": responses or {"200": {"content": _json({} if answer is None else answer)}},
        **(operation or {}),
    }
    if body is not None:
        node["requestBody"] = {"required": True, "content": _json(body)}
    return {"openapi": "3.1.0", "info": {}, "paths": {path: {"post": node}}, "components": {"schemas": schemas}}


def event(payload: Any) -> Any:
    """A document with one webhook, `made`."""
    return {**document(), "webhooks": {"made": {"post": {"requestBody": {"content": _json(payload)}}}}}


def ref(name: str) -> Any:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(*required: str, **properties: Any) -> Any:
    return {"type": "object", "properties": properties, "required": list(required)}


def _json(schema: Any) -> Any:
    return {"application/json": {"schema": schema}}
