"""The control calls for faults: adding, listing and removing them, and the named sets."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from mock_server.documents.fault_sets import fault_set_names
from tests.mock_server.web.conftest import Api, problems_of, world_in
from tests.mock_server.web.struck import BROKEN, GENERATE, GET, add, statuses


class GivenTheCallsForFaults:
    def test_when_faults_are_added_then_they_can_be_listed_read_and_removed(self, api: Api) -> None:
        first = add(api, operation=GET, order="paid", answer="InvoiceDoesNotExist", times=1)
        second = add(api, set="webhooks-twice", order="paid")

        shown = api.in_world("GET", "/faults")["items"]

        assert [one["id"] for one in shown] == [first, second]
        assert shown[0] == {
            **{"id": first, "set": None, "operation": GET, "order": "paid", "answer": "InvoiceDoesNotExist"},
            **{"times": 1, "effect": "before", "matched": 0, "struck": 0},
        }
        expected = {"id": second, "set": "webhooks-twice", "webhooks": "doubled", "order": "paid"}
        assert shown[1] == {**expected, "matched": 0, "struck": 0}
        api.in_world("DELETE", f"/faults/{first}")
        assert [one["id"] for one in api.in_world("GET", "/faults")["items"]] == [second]
        api.in_world("DELETE", "/faults")
        assert api.in_world("GET", "/faults") == {"items": []}

    @pytest.mark.parametrize("method", ["GET", "DELETE"])
    def test_when_there_is_no_such_fault_then_it_is_404_with_those_that_there_are(self, api: Api, method: str) -> None:
        known = add(api, retry_after=1)

        answer = api.send(method, f"/_mock/worlds/{api.world['id']}/faults/fault-99")

        assert (answer.status_code, answer.json["error"]) == (404, "FaultUnknown")
        assert known in answer.json["detail"]

    def test_when_the_world_is_reset_then_its_faults_are_gone(self, api: Api) -> None:
        add(api, answer=BROKEN)

        api.in_world("POST", "/reset")

        assert api.in_world("GET", "/faults") == {"items": []}
        assert statuses(api, 1, api.order("paid")) == [200]

    def test_when_the_sets_are_listed_then_each_has_a_sentence_and_its_rules(self, api: Api) -> None:
        sets = api.control("GET", "/fault-sets")["items"]

        assert [one["name"] for one in sets] == list(fault_set_names())
        assert all(one["sentence"].endswith(".") and one["rules"] for one in sets)

    @pytest.mark.parametrize("revision", ["0.1.0", "2026-04", "2026-10"])
    def test_when_a_set_is_added_to_a_world_then_every_revision_has_what_it_names(
        self, later_server: MockServer, revision: str
    ) -> None:
        api = world_in(later_server, revision)

        for one in api.control("GET", "/fault-sets")["items"]:
            made = api.in_world("POST", "/faults", {"set": one["name"]})["items"]

            assert len(made) == len(one["rules"])

    def test_when_a_set_is_wanted_for_one_operation_then_only_its_calls_are_struck(self, api: Api) -> None:
        add(api, set="deploy-restart", operation=GET, token="customer")
        add(api, set="invoice-fails", operation=GENERATE)

        assert [one.get("operation") for one in api.in_world("GET", "/faults")["items"]] == [GET, GET, GENERATE]
        assert statuses(api, 6, api.order("paid"))[2:] == [502, 502, 502, 200]
        assert statuses(api, 1, "/v1/customer-portal/orders/") == [200]

    def test_when_a_world_is_made_from_a_document_with_faults_then_it_is_refused(self, api: Api) -> None:
        documents: list[dict[str, Any]] = [{"faults": []}, {"scenario": "demo", "faults": [{"retry_after": 1}]}]
        for document in documents:
            answer = api.send("POST", "/_mock/worlds", body=document)

            assert answer.status_code == 422
            assert [problem["path"] for problem in answer.json["problems"]] == ["faults"]

    def test_when_a_world_has_too_many_then_the_next_is_refused(self, api: Api) -> None:
        for _ in range(100):
            add(api, operation=GET, answer=BROKEN)

        assert "at most 100 rules" in problems_of(api, "POST", "/faults", {"retry_after": 1})[""]
