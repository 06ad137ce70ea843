"""The control API's own document: it describes every call, and what the mock takes and answers is as it says."""

from __future__ import annotations

from functools import cache
from typing import Any

import hypothesis
import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Config, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from mock_server.assembly import MockServer
from mock_server.documents import customers, discounts, endpoints, order_items, orders, parsing, policies
from mock_server.documents.moves import _KEYS as MOVE_KEYS
from mock_server.documents.scenarios import scenario_document, scenario_names
from mock_server.domain.event_types import EVENT_TYPES
from mock_server.store.snapshots import MOST_SNAPSHOTS
from mock_server.web.control.document import control_document
from polar_contract.operations import METHODS
from polar_contract.validating import openapi_problems
from tests.mock_server.documents.drawn import documents
from tests.mock_server.web.conftest import ACME, TEAM, Api, world_of
from tests.mock_server.web.world_actions import ACTIONS, call

DOCUMENT: Any = control_document()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
CASES = [
    pytest.param(path, method, mode, id=f"{operation['operationId']}-{mode.name.lower()}")
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    # Where only the path can be wrong, every text is a path.
    if mode is GenerationMode.POSITIVE
    or "requestBody" in operation
    or ("journal" in operation["tags"] and "get" in method)
]
# Schemathesis sends nothing that a real client would wait for.
EXAMPLES = 5


def _routes(server: MockServer) -> set[str]:
    """Every call of the blueprint, with its path as OpenAPI writes it."""
    return {
        f"{method} {str(rule.rule).replace('<path:', '<').replace('<', '{').replace('>', '}')}"
        for rule in server.app.url_map.iter_rules()
        for method in (rule.methods or ())
        if rule.endpoint.startswith("control.")
        and not rule.endpoint.endswith("unknown")
        and method not in ("HEAD", "OPTIONS")
    }


def _described() -> set[str]:
    return {
        f"{method.upper()} {path}" for path, item in DOCUMENT["paths"].items() for method in item if method in METHODS
    }


class GivenTheRoutesOfTheBlueprint:
    def test_then_each_is_described_and_no_other(self, shared_server: MockServer) -> None:
        routes = _routes(shared_server)

        assert sorted(routes - _described()) == [], "describe these calls in mock_server/web/control/openapi.yaml"
        assert sorted(_described() - routes) == [], "remove these calls from mock_server/web/control/openapi.yaml"

    def test_then_the_document_is_valid_and_each_call_has_a_name_of_its_own(self) -> None:
        names = [operation["operationId"] for item in DOCUMENT["paths"].values() for operation in _operations(item)]

        assert openapi_problems(DOCUMENT, "openapi.yaml") == []
        assert len(set(names)) == len(names)


def _operations(item: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for method, operation in item.items() if method in METHODS]


class GivenWhatADocumentCanSay:
    @pytest.mark.parametrize(
        ("schema", "keys"),
        [
            ("WorldDocument", ("scenario", "extends", *parsing.WORLD_KEYS)),
            ("WorldChanges", ("webhook_endpoints", *policies.POLICY_KEYS)),
            ("Organization", parsing._ORGANIZATION_KEYS),
            ("ProductFields", parsing.SECTION_KEYS["products"]),
            ("CustomerFields", parsing.SECTION_KEYS["customers"]),
            ("Member", customers._MEMBER_KEYS),
            ("TokenFields", parsing.SECTION_KEYS["tokens"]),
            ("OrderFields", orders.ORDER_KEYS),
            ("Item", order_items.ITEM_KEYS),
            ("Discount", discounts.DISCOUNT_KEYS),
            ("Subscription", parsing.SECTION_KEYS["subscriptions"]),
            ("EndpointFields", endpoints.ENDPOINT_KEYS),
            ("OrderChanges", MOVE_KEYS),
        ],
    )
    def test_then_its_schema_has_the_same_keys(self, schema: str, keys: tuple[str, ...]) -> None:
        assert sorted(SCHEMAS[schema]["properties"]) == sorted(keys)

    def test_then_the_types_of_events_and_the_number_of_snapshots_are_the_same(self) -> None:
        snapshots = DOCUMENT["paths"]["/_mock/worlds/{world_id}/snapshots"]["get"]["responses"]["200"]
        listed = snapshots["content"]["application/json"]["schema"]["properties"]["items"]

        assert SCHEMAS["EventType"]["enum"] == list(EVENT_TYPES)
        assert listed["maxItems"] == MOST_SNAPSHOTS

    @pytest.mark.parametrize("name", scenario_names())
    def test_when_it_is_a_scenario_then_its_schema_takes_it(self, name: str) -> None:
        assert _problems("WorldDocument", scenario_document(name)) == []

    @pytest.mark.parametrize("document", [ACME, TEAM], ids=["acme", "team"])
    def test_when_it_is_written_back_then_the_same(self, server: MockServer, document: dict[str, Any]) -> None:
        assert _problems("WorldDocument", document) == []
        assert _problems("WorldDocument", world_of(server, document).in_world("GET", "")) == []

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(document=documents())
    def test_when_it_is_any_other_then_the_same(self, document: dict[str, Any]) -> None:
        assert _problems("WorldDocument", document) == []


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    registry = jsonschema_rs.Registry([("urn:control", DOCUMENT)], draft=jsonschema_rs.Draft202012)
    reference = {"$ref": f"urn:control#/components/schemas/{schema}"}
    return jsonschema_rs.Draft202012Validator(reference, registry=registry, validate_formats=True)


def _problems(schema: str, value: Any) -> list[str]:
    return [f"{error.instance_path}: {error.message}"[:200] for error in _validator(schema).iter_errors(value)]


class GivenTheDocumentOverHttp:
    def test_then_it_is_served_with_an_etag_that_spares_a_second_copy(self, api: Api) -> None:
        first = api.send("GET", "/_mock/openapi.json")
        again = api.send("GET", "/_mock/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

        assert (first.status_code, first.content_type, first.json) == (200, "application/json", DOCUMENT)
        assert (again.status_code, again.data) == (304, b"")


@pytest.fixture(scope="module")
def schema(shared_server: MockServer) -> Any:
    config = Config.from_dict(
        {
            "seed": 1,
            "cache": {"enabled": False},
            "generation": {"database": "none", "with-security-parameters": False},
            "checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}},
        }
    )
    return schemathesis.openapi.from_wsgi("/_mock/openapi.json", shared_server.app, config=config)


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


class GivenAnyRequest:
    @pytest.mark.parametrize(("path", "method", "mode"), CASES)
    def test_then_the_answer_is_as_the_document_says(
        self, schema: Any, shared_server: MockServer, path: str, method: str, mode: GenerationMode
    ) -> None:
        strategy = schema[path][method].as_strategy(generation_mode=mode)

        @hypothesis.seed(1)
        @settings(max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=strategy, real=st.booleans())
        def check(case: Case[Any], real: bool) -> None:
            api = _a_lively_world(shared_server)
            for name, value in _real_parts(api).items():
                if name in case.path_parameters:
                    case.path_parameters[name] = value
            case.call_and_validate(checks=CHECKS)
            for world in shared_server.services.worlds.all():
                shared_server.services.worlds.remove(world.id)

        check()


def _a_lively_world(server: MockServer) -> Api:
    """A world with events, jobs, a snapshot and a journal."""
    api = world_of(server, ACME)
    for name in ("add an order", "request an invoice", "change a billing name"):
        ACTIONS[name](api)
    call(api, "POST", "/snapshots", {"name": "start"})
    return api


def _real_parts(api: Api) -> dict[str, str]:
    return {"world_id": api.world["id"], "order_id": api.world["ids"]["order:paid"], "name": "start", "key": "customer"}
