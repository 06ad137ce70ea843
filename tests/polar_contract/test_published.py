"""The published contract of revision 0.1.0 and its overlay: complete, unchanged, and consistent with the publication."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from polar_contract import load_contract
from polar_contract.documents import parse_mapping
from polar_contract.json_types import as_object
from polar_contract.operations import operation_nodes

CONTRACT = load_contract("0.1.0")
PUBLISHED: Any = CONTRACT.published
EFFECTIVE: Any = CONTRACT.effective
SHARED = Path(__file__).resolve().parents[3] / "shared"
EXTRACT = SHARED / "openapi" / "0.1.0.openapi.json"
PAGE = SHARED / "contract" / "generate-order-invoice.md"
ONLY_HERE = "member-sessions:create"

ALLOWED = {
    "/v1/customer-portal/orders/": ["get"],
    "/v1/customer-portal/orders/{id}": ["get", "patch"],
    "/v1/customer-portal/orders/{id}/invoice": ["post", "get"],
    "/v1/customer-portal/orders/{id}/payment-status": ["get"],
    "/v1/customer-portal/orders/{id}/confirm-payment": ["post"],
    "/v1/customer-portal/customers/me": ["get", "patch"],
    "/v1/customer-portal/customer-session/introspect": ["get"],
    "/v1/customer-portal/customer-session/user": ["get"],
    "/v1/customer-sessions/": ["post"],
    "/v1/member-sessions/": ["post"],
    "/v1/orders/": ["get"],
    "/v1/orders/{id}": ["get", "patch"],
    "/v1/orders/{id}/invoice": ["post", "get"],
    "/v1/webhooks/endpoints": ["get", "post"],
    "/v1/webhooks/endpoints/{id}": ["get", "patch", "delete"],
    "/v1/webhooks/endpoints/{id}/secret": ["patch"],
    "/v1/webhooks/deliveries": ["get"],
    "/v1/webhooks/events/{id}/redeliver": ["post"],
}


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(child)


def effective_operations() -> list[tuple[str, dict[str, Any]]]:
    return [(method, operation) for _, method, operation in operation_nodes(EFFECTIVE)]


class GivenThePublishedContract:
    def test_when_read_then_its_paths_and_methods_stand_in_the_order_of_the_services_routes(self) -> None:
        # The service's `Allow` names the first route of a path alone. Source: observed on the service, April 2026.
        assert {path: list(item) for path, item in PUBLISHED["paths"].items()} == ALLOWED

    def test_when_read_then_four_webhooks_are_described(self) -> None:
        assert list(PUBLISHED["webhooks"]) == ["order.created", "order.updated", "order.paid", "order.refunded"]

    def test_when_read_then_no_object_is_closed(self) -> None:
        # The service sends fields that it hides from its publication.
        assert not [node for node in nodes(PUBLISHED) if node.get("additionalProperties") is False]

    def test_when_read_then_nothing_but_a_default_stands_beside_a_reference(self) -> None:
        # prance drops sibling keys of a reference, so a rule would be lost in the resolved document.
        beside = [node.keys() - {"$ref"} for node in nodes(EFFECTIVE) if isinstance(node.get("$ref"), str)]

        assert set().union(*beside) <= {"default"}

    def test_when_read_then_every_schema_is_used(self) -> None:
        used = {node["$ref"].rpartition("/")[2] for node in nodes(PUBLISHED) if isinstance(node.get("$ref"), str)}

        assert set(PUBLISHED["components"]["schemas"]) == used

    def test_when_read_then_nothing_of_the_overlay_is_in_it(self) -> None:
        assert not [
            key for node in nodes(PUBLISHED) for key in node if key.startswith("x-") and key != "x-speakeasy-server-id"
        ]

    def test_when_resolved_then_no_reference_is_left(self) -> None:
        assert not [node for node in nodes(CONTRACT.resolved["paths"]) if "$ref" in node]


class GivenTheOverlay:
    def test_when_applied_then_every_operation_may_refuse_a_token_and_a_flood(self) -> None:
        for _, operation in effective_operations():
            assert {"401", "403", "413", "429"} <= operation["responses"].keys(), operation["operationId"]

    def test_when_applied_then_every_operation_with_input_may_answer_422(self) -> None:
        for _, operation in effective_operations():
            if "parameters" in operation or "requestBody" in operation:
                assert "422" in operation["responses"], operation["operationId"]

    def test_when_applied_then_only_operations_with_a_body_may_call_it_unreadable(self) -> None:
        assert {op["operationId"] for _, op in effective_operations() if "400" in op["responses"]} == {
            op["operationId"] for _, op in effective_operations() if "requestBody" in op
        }

    def test_when_applied_then_exactly_the_operations_with_an_id_may_not_find_it(self) -> None:
        assert {path for path, _, op in operation_nodes(EFFECTIVE) if "404" in as_object(op["responses"])} == {
            path for path in ALLOWED if "{id}" in path
        }

    def test_when_applied_then_each_answer_of_ours_has_a_source_and_a_description(self) -> None:
        for _, operation in effective_operations():
            for status, response in operation["responses"].items():
                assert response["description"], (operation["operationId"], status)
                is_ours = response.get("x-origin") == "overlay" or response.get("x-widened-by") == "overlay"
                assert is_ours == bool(response.get("x-source"))

    def test_when_applied_then_413_alone_is_the_mocks(self) -> None:
        for _, operation in effective_operations():
            assert [status for status, it in operation["responses"].items() if it.get("x-mock-only")] == ["413"]


@pytest.mark.skipif(not PAGE.exists(), reason="the contract page lies outside the repository")
class GivenTheContractPage:
    def test_when_compared_then_the_published_contract_has_its_document_word_for_word(self) -> None:
        text = PAGE.read_text().split("````yaml", 1)[1].split("\n", 1)[1].split("````", 1)[0]
        page: Any = parse_mapping(text.encode(), str(PAGE))
        path = "/v1/customer-portal/orders/{id}/invoice"
        operation = page["paths"][path]["post"]
        del operation["x-codeSamples"]

        assert PUBLISHED["paths"][path]["post"] == operation
        for part in ("openapi", "info", "servers", "security", "tags"):
            assert PUBLISHED[part] == page[part]
        assert PUBLISHED["components"]["securitySchemes"] == page["components"]["securitySchemes"]
        for name, schema in page["components"]["schemas"].items():
            assert PUBLISHED["components"]["schemas"][name] == schema


@pytest.mark.skipif(not EXTRACT.exists(), reason="the extract of the publication lies outside the repository")
class GivenThePublication:
    def extract(self) -> Any:
        return json.loads(EXTRACT.read_text())

    def test_when_schemas_are_compared_then_ours_are_the_same_but_for_their_prose(self) -> None:
        extract = self.extract()["components"]["schemas"]
        own = {"Member", "MemberRole", "MemberSession", "MemberSessionCreate"}

        for name, schema in PUBLISHED["components"]["schemas"].items():
            if name not in own:
                assert bare(schema) == bare(extract[name]), name
        assert own <= PUBLISHED["components"]["schemas"].keys()

    def test_when_operations_are_compared_then_ours_are_the_same_but_for_their_prose(self) -> None:
        extract = {op["operationId"]: op for _, _, op in operation_nodes(self.extract())}
        for _, _, operation in operation_nodes(PUBLISHED):
            if operation["operationId"] == ONLY_HERE:
                continue
            theirs = extract[operation["operationId"]]
            for part in ("tags", "parameters", "requestBody", "responses"):
                assert bare(operation.get(part)) == bare(theirs.get(part)), (operation["operationId"], part)
            assert operation["security"] == renamed(theirs["security"])

    def test_when_webhooks_are_compared_then_ours_are_the_same_but_for_their_prose(self) -> None:
        for name, item in self.extract()["webhooks"].items():
            for part in ("operationId", "requestBody", "responses"):
                assert bare(PUBLISHED["webhooks"][name]["post"][part]) == bare(item["post"][part])


def bare(node: Any) -> Any:
    """Without prose, examples and vendor extensions. A property named `description` stays: its value is a schema."""
    if isinstance(node, dict):
        prose = {key for key, value in node.items() if key == "description" and isinstance(value, str)}
        return {k: bare(v) for k, v in node.items() if k not in prose | {"examples"} and not k.startswith("x-")}
    return [bare(item) for item in node] if isinstance(node, list) else node


def renamed(security: Any) -> Any:
    """The page calls the organization's scheme `access_token`; personal and OAuth tokens are left out."""
    organization = [{"access_token": it["oat"]} for it in security if "oat" in it]
    return organization or security
