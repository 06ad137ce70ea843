"""Bad input of every control call: 422 names the place of each problem, and what is possible there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from mock_server.assembly import MockServer
from mock_server.web.control.document import control_document
from polar_contract.operations import METHODS
from tests.mock_server.web.conftest import ACME, UNKNOWN_ID, Api, problems_of, world_of
from tests.mock_server.web.world_actions import call

DOCUMENT: Any = control_document()
ORDER = {"key": "new", "customer": "main", "product": "pro"}
# A right body of each call that takes one: a single wrong value is put into it.
RIGHT: dict[str, Any] = {
    "worlds:create": {},
    "worlds:update": {"webhook_endpoints": {"app": {}}},
    "orders:create": ORDER,
    "orders:update": {},
    "customers:create": {"key": "new"},
    "products:create": {"key": "new"},
    "tokens:create": {"key": "new", "kind": "customer_session", "customer": "main"},
    "clock:update": {},
    "snapshots:create": {"name": "new"},
    "events:create": {"type": "order.paid", "order": "paid"},
    "journal:verify": {},
    "faults:create": {"latency": 1},
}
# An object with a name that nobody knows, a list, a text, and numbers that are too large or no count of anything.
WRONG: list[Any] = [{"nonsense": [1]}, [[1]], "nonsense", -1e300, 0.5, True]
SAYS_WHAT_IS_POSSIBLE = re.compile(
    r"has to be|possible are|did you mean|one of: |takes none|needs|such as|known are|with its zone"
)
# Only in the answer, or more than its schema can say.
LEFT_OUT = {"worlds:update": {"id", "created_at", "modified_at"}}


def _bodies() -> Iterator[tuple[str, str, str, Any]]:
    """Each call that takes a body: its operation, method, path and schema."""
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if method in METHODS and "requestBody" in operation:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                yield operation["operationId"], method, path, schema


BODIES = {operation: (method, path, schema) for operation, method, path, schema in _bodies()}


def _resolved(schema: Any) -> Any:
    """The schema with the one that it refers to."""
    if "$ref" not in schema:
        return schema
    found = _resolved(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    properties = {**found.get("properties", {}), **schema.get("properties", {})}
    return {**found, **schema, **({"properties": properties} if properties else {})}


def _places(schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every place below a schema, with the schema of what is there."""
    schema = _resolved(schema)
    for name, inner in schema.get("properties", {}).items():
        yield (*path, name), inner
        yield from _places(inner, (*path, name))
    named = schema.get("additionalProperties")
    if isinstance(named, dict) and "$ref" in named:
        name = "app" if path == ("webhook_endpoints",) else "x"
        yield (*path, name), named
        yield from _places(named, (*path, name))
    for choice in schema.get("anyOf", ()):
        yield from _places(choice, path)


def _wrong_values(schema: Any) -> list[Any]:
    registry = jsonschema_rs.Registry([("urn:control", DOCUMENT)], draft=jsonschema_rs.Draft202012)
    text = {"components": DOCUMENT["components"], **schema}
    validator = jsonschema_rs.Draft202012Validator(text, registry=registry, validate_formats=True)
    return [value for value in WRONG if not validator.is_valid(value)]


def _with(body: Any, path: tuple[str, ...], value: Any) -> Any:
    if not path:
        return value
    inner = body.get(path[0], {}) if isinstance(body, dict) else {}
    return {**(body if isinstance(body, dict) else {}), path[0]: _with(inner, path[1:], value)}


class GivenEachCallThatTakesABody:
    def test_then_there_is_a_right_one_here(self) -> None:
        assert sorted(RIGHT) == sorted(BODIES), "add a right body of each new call to RIGHT"

    @pytest.mark.parametrize("operation", list(RIGHT))
    def test_when_it_is_right_then_it_is_taken(self, api: Api, operation: str) -> None:
        method, path, _ = BODIES[operation]

        answer = api.send(method, _filled(path, api), body=RIGHT[operation])

        # No request has arrived that could be verified.
        assert answer.status_code in (200, 201) or operation == "journal:verify", answer.text

    @pytest.mark.parametrize("operation", list(RIGHT))
    def test_when_any_value_in_it_is_wrong_then_its_place_is_named_with_what_is_possible(
        self, api: Api, operation: str
    ) -> None:
        method, path, schema = BODIES[operation]
        missed = []
        tried = 0
        for place, inner in _places(schema):
            if place[-1] in LEFT_OUT.get(operation, ()):
                continue
            for value in _wrong_values(inner):
                tried += 1
                answer = api.send(method, _filled(path, api), body=_with(RIGHT[operation], place, value))
                if not _names(answer, ".".join(place)):
                    missed.append(f"{'.'.join(place)} = {value}: {answer.status_code} {answer.text[:300]}")

        assert missed == []
        assert tried > 0

    @pytest.mark.parametrize("operation", list(RIGHT))
    @pytest.mark.parametrize("body", [[], "text", 5, True])
    def test_when_it_is_no_object_then_this_is_said(self, api: Api, operation: str, body: Any) -> None:
        method, path, _ = BODIES[operation]

        answer = api.send(method, _filled(path, api), body=body)

        assert answer.status_code == 422
        assert answer.json["detail"].endswith("it has to be a JSON object")

    @pytest.mark.parametrize("operation", list(RIGHT))
    def test_when_a_key_is_unknown_then_the_nearest_or_all_are_named(self, api: Api, operation: str) -> None:
        method, path, _ = BODIES[operation]

        answer = api.send(method, _filled(path, api), body={**RIGHT[operation], "nonsense": 1})

        assert _names(answer, "nonsense"), answer.text


def _filled(path: str, api: Api) -> str:
    return path.format(world_id=api.world["id"], order_id=api.world["ids"]["order:paid"], name="start", key="customer")


def _names(answer: Any, place: str) -> bool:
    """Whether the answer refuses the body because of this place, or one in it, and says what is possible there."""
    return answer.status_code == 422 and any(
        (problem["path"] == place or problem["path"].startswith(f"{place}."))
        and SAYS_WHAT_IS_POSSIBLE.search(problem["message"])
        for problem in answer.json["problems"]
    )


class GivenACallThatTakesNoKeys:
    @pytest.mark.parametrize(
        "route",
        [
            *("POST /reset", "POST /settle", "DELETE ", "POST /snapshots/start/restore"),
            *("DELETE /snapshots/start", "DELETE /tokens/customer"),
        ],
    )
    def test_when_it_gets_one_then_it_does_nothing_and_says_so(self, api: Api, route: str) -> None:
        api.in_world("POST", "/snapshots", {"name": "start"})
        before = api.in_world("GET", "")
        method, path = route.split(" ")

        assert problems_of(api, method, path, {"at": 1}) == {"at": "unknown key; this call takes none"}
        assert api.in_world("GET", "") == before


class GivenANameThatNobodyKnows:
    @pytest.mark.parametrize(
        ("route", "body", "error", "detail"),
        [
            ("GET /worlds/gone", None, "WorldUnknown", "no world 'gone'; GET /_mock/worlds lists them"),
            ("POST /worlds", {"scenario": "dem"}, "ScenarioUnknown", "no scenario 'dem'; there are: "),
            (
                "PATCH /worlds/{}/orders/gone",
                {},
                "OrderUnknown",
                "no order 'gone' in this world, by name or by id; GET",
            ),
            (f"PATCH /worlds/{{}}/orders/{UNKNOWN_ID}", {}, "OrderUnknown", f"no order '{UNKNOWN_ID}' in this world"),
            (
                "DELETE /worlds/{}/tokens/gone",
                None,
                "TokenUnknown",
                "no token 'gone' in this world; there are: customer",
            ),
            ("DELETE /worlds/{}/snapshots/gone", None, "SnapshotUnknown", "there are: none"),
            (
                "GET /nonsense",
                None,
                "CallUnknown",
                "there is no GET /_mock/nonsense; GET /_mock/openapi.json lists all",
            ),
            ("PUT /worlds/{}", {}, "CallUnknown", "GET /_mock/openapi.json lists all calls"),
        ],
    )
    def test_then_404_says_which_there_are_or_where_they_are_listed(
        self, api: Api, route: str, body: Any, error: str, detail: str
    ) -> None:
        method, path = route.format(api.world["id"]).split(" ")

        answer = api.send(method, f"/_mock{path}", body=body)

        assert (answer.status_code, answer.json["error"]) == (404, error)
        assert detail in answer.json["detail"]


class GivenAnOrderThatIsNamedInThePath:
    def test_then_its_name_does_as_well_as_its_id(self, server: MockServer) -> None:
        api = world_of(server, ACME)

        assert call(api, "PATCH", "/orders/unpaid", {"status": "paid"}).json["id"] == api.world["ids"]["order:unpaid"]
