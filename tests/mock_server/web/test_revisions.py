"""One server, worlds of two revisions: each answers by its own document and its own rules, also where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.contract.operations import operation_ids
from mock_server.services.context import RevisionNotServed
from mock_server.web.api.table import OPERATIONS
from mock_server.web.revisions import ServedRevisions
from polar_contract import load_contract, revisions
from tests.made_up_revision import (
    BASE,
    MADE_UP,
    NEW_PATH,
    OLD_PATH,
    add_revision,
    change_rules,
    change_text,
    copy_spec,
    write_made_up_spec,
)
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, UNKNOWN_ID, Api, nobody_listens, without_its_worlds, world_of

WORLD: dict[str, Any] = {
    **ACME,
    "orders": {
        "paid": {"customer": "main", "product": "pro"},
        "void": {"customer": "main", "product": "pro", "status": "void"},
    },
}
ENDPOINT = {"url": "https://example.com/hook", "format": "raw", "events": []}
UNKNOWN_ROUTE = {"detail": "Not Found"}


def a_server(spec: Path, revision: str | None = None) -> MockServer:
    return assemble(Settings(spec=spec, revision=revision), wall=lambda: NOW, send=nobody_listens)


def a_world(server: MockServer, revision: str) -> Api:
    return world_of(server, {**WORLD, "revision": revision})


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_made_up_spec(tmp_path_factory.mktemp("made-up"))


@pytest.fixture(scope="module")
def server_of_two(spec: Path) -> MockServer:
    return a_server(spec)


@pytest.fixture
def server(server_of_two: MockServer) -> Iterator[MockServer]:
    with without_its_worlds(server_of_two) as server:
        yield server


@pytest.fixture
def april(server: MockServer) -> Api:
    return a_world(server, BASE)


@pytest.fixture
def later(server: MockServer) -> Api:
    return a_world(server, MADE_UP)


def refused_invoice(api: Api) -> tuple[int, str]:
    """Status and detail of the answer for the void order."""
    answer = api.send("POST", f"{api.order('void')}/invoice", token="customer")
    return answer.status_code, answer.json["detail"]


def status_path(api: Api, template: str) -> str:
    return template.format(id=api.world["ids"]["order:paid"])


class GivenWorldsOfTwoRevisions:
    def test_then_a_void_order_is_refused_by_each_in_its_own_words(self, april: Api, later: Api) -> None:
        answers = [refused_invoice(api) for api in (april, later)]
        ids = [api.world["ids"]["order:void"] for api in (april, later)]

        assert answers == [
            (422, f"Order {ids[0]} is not paid, so an invoice cannot be generated."),
            (422, f"Order {ids[1]} can't have an invoice (current status: void)."),
        ]

    @pytest.mark.parametrize(("revision", "prefix"), [(BASE, "polar_whs_"), (MADE_UP, "whsec_")])
    def test_then_every_generated_secret_has_the_prefix_of_its_revision(
        self, server: MockServer, revision: str, prefix: str
    ) -> None:
        api = a_world(server, revision)
        created = api.send("POST", "/v1/webhooks/endpoints", token="oat", body=ENDPOINT).json
        reset = api.send("PATCH", f"/v1/webhooks/endpoints/{created['id']}/secret", token="oat").json

        secrets = [api.world["webhook_secrets"]["app"], created["secret"], reset["secret"]]
        assert [secret.startswith(prefix) for secret in secrets] == [True, True, True]

    def test_then_each_has_the_operation_at_the_path_of_its_own_document(self, april: Api, later: Api) -> None:
        for api, its_own, the_others in ((april, OLD_PATH, NEW_PATH), (later, NEW_PATH, OLD_PATH)):
            found = api.send("GET", status_path(api, its_own), token="customer")
            missed = api.send("GET", status_path(api, the_others), token="customer")

            assert (found.status_code, found.json["status"]) == (200, "no_payment")
            assert (missed.status_code, missed.json) == (404, UNKNOWN_ROUTE)

    def test_then_each_names_its_revision_and_keeps_it_when_it_is_reset_or_copied(
        self, server: MockServer, later: Api
    ) -> None:
        later.in_world("POST", "/reset")
        copied = Api(server)
        copied.world = copied.control(
            "POST", "/worlds", {"revision": later.in_world("GET", "")["revision"], "scenario": "demo"}
        )

        for api in (later, copied):
            assert api.in_world("GET", "")["revision"] == MADE_UP
            assert "current status: void" in refused_invoice(api)[1]

    def test_when_a_request_belongs_to_no_world_then_the_default_revision_answers(self, server: MockServer) -> None:
        api = Api(server)

        assert api.send("GET", OLD_PATH.format(id=UNKNOWN_ID)).status_code == 401
        assert api.send("GET", NEW_PATH.format(id=UNKNOWN_ID)).status_code == 404


class GivenTheBundledRevisions:
    def test_then_each_can_be_served_and_every_function_is_an_operation_of_one_of_them(self) -> None:
        served = ServedRevisions(OPERATIONS)
        names = [revision.revision for revision in revisions()]
        for name in names:
            served.served(name)

        documents = [load_contract(name).resolved for name in names]
        assert {name for document in documents for name in operation_ids(document)} == OPERATIONS.keys()


class GivenTheDefaultRevision:
    def test_when_the_spec_names_another_one_then_worlds_and_requests_without_one_get_it(self, tmp_path: Path) -> None:
        spec = write_made_up_spec(tmp_path)
        change_text(spec / "revisions.yaml", f"default: '{BASE}'", f"default: {MADE_UP}")
        api = world_of(a_server(spec), WORLD)

        assert api.world["revision"] == MADE_UP
        assert api.send("GET", NEW_PATH.format(id=UNKNOWN_ID)).status_code == 401

    def test_when_the_server_names_another_one_then_that_one_counts(self, spec: Path) -> None:
        api = Api(a_server(spec, MADE_UP))

        assert api.control("POST", "/worlds", WORLD)["revision"] == MADE_UP


class GivenARevisionThatCantBeServed:
    """Worlds of another revision work all the same."""

    def test_when_its_document_has_an_operation_without_a_function_then_a_world_of_it_is_refused_by_name(
        self, tmp_path: Path
    ) -> None:
        spec = copy_spec(tmp_path)
        document = add_revision(spec, MADE_UP) / "openapi.yaml"
        operation = "  /v1/receipts/:\n    get: {operationId: 'receipts:list', security: [], responses: {}}\n"
        change_text(document, "\npaths:\n", f"\npaths:\n{operation}")
        reason = f"revision {MADE_UP} can't be served: its document has operations without a function in mock_server/web/api: receipts:list"

        api = Api(a_server(spec))
        refused = api.send("POST", "/_mock/worlds", body={"revision": MADE_UP})

        assert (refused.status_code, refused.json["problems"]) == (422, [{"path": "revision", "message": reason}])
        assert a_world(api.server, BASE).send("GET", "/v1/orders/", token="oat").status_code == 200
        with pytest.raises(RevisionNotServed) as stopped:
            a_server(spec, MADE_UP)
        assert str(stopped.value) == reason

    def test_when_a_schema_of_its_document_has_an_unknown_form_then_a_world_of_it_is_refused_by_name(
        self, tmp_path: Path
    ) -> None:
        spec = copy_spec(tmp_path)
        document = add_revision(spec, MADE_UP) / "openapi.yaml"
        document.write_text(document.read_text().replace("type: integer", "type: number"))

        refused = Api(a_server(spec)).send("POST", "/_mock/worlds", body={"revision": MADE_UP})

        assert refused.status_code == 422
        (problem,) = refused.json["problems"]
        assert problem["message"].startswith(f"revision {MADE_UP} can't be served: ")
        assert 'can\'t check: {"type": "number"' in problem["message"]

    def test_when_a_rule_is_wrong_then_a_world_of_it_is_refused_with_file_and_place(self, tmp_path: Path) -> None:
        spec = copy_spec(tmp_path)
        behaviour = add_revision(spec, MADE_UP) / "behaviour.yaml"
        change_rules(behaviour, {"invoice.reissue": "if_changed"})

        api = Api(a_server(spec))
        refused = api.send("POST", "/_mock/worlds", body={"revision": MADE_UP}).json

        (problem,) = refused["problems"]
        assert problem["message"] == (
            f"revision {MADE_UP} can't be served: {behaviour}:/invoice.reissue/value: "
            "is 'if_changed'; possible are: keep, render, render_if_billing_changed"
        )
        assert a_world(api.server, BASE).world["revision"] == BASE
