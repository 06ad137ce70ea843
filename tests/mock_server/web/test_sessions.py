"""Opening sessions: whose they are in an organization with members, and the texts of refusals."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import TEAM, UNKNOWN_ID, Api, world_of

SESSIONS, MEMBER_SESSIONS = "/v1/customer-sessions/", "/v1/member-sessions/"
NO_CUSTOMER, NO_MEMBER = "Customer does not exist.", "Member does not exist for this customer."


def opened(api: Api, body: dict[str, str], path: str = SESSIONS) -> Any:
    """The answer to this body, in which names of the world stand for ids."""
    sent = {name: api.world["ids"].get(value, value) for name, value in body.items()}
    return api.send("POST", path, token="oat", body=sent)


class GivenAnOrganizationWithoutMembers:
    @pytest.mark.parametrize(
        "body",
        [{"customer_id": UNKNOWN_ID}, {"external_customer_id": "nobody"}, {"external_customer_id": ""}],
    )
    def test_when_the_customer_is_unknown_then_the_field_is_refused(self, api: Api, body: dict[str, str]) -> None:
        ((field, sent),) = body.items()

        assert opened(api, body).json["detail"] == [
            {"type": "value_error", "loc": ["body", field], "msg": NO_CUSTOMER, "input": sent}
        ]

    def test_when_a_member_is_named_then_it_is_ignored(self, api: Api) -> None:
        answer = opened(api, {"customer_id": "customer:main", "member_id": UNKNOWN_ID})

        assert (answer.status_code, answer.json["token"][:10]) == (201, "polar_cst_")


class GivenAnOrganizationWithMembers:
    @pytest.mark.parametrize(
        ("path", "body", "name"),
        [
            (SESSIONS, {"external_customer_id": "ext-team"}, "olive"),
            (SESSIONS, {"external_customer_id": "ext-team", "external_member_id": "ext-max"}, "max"),
            (SESSIONS, {"external_customer_id": "ext-team", "member_id": "member:billing"}, "bill"),
            (MEMBER_SESSIONS, {"member_id": "member:billing"}, "bill"),
        ],
        ids=["the owner's", "by external id", "by id", "by id alone"],
    )
    def test_when_a_session_is_opened_then_it_is_a_members(
        self, team: Api, path: str, body: dict[str, str], name: str
    ) -> None:
        made = opened(team, body, path).json

        assert made["token"].startswith("polar_mst_")
        url = made["member_portal_url" if path == MEMBER_SESSIONS else "customer_portal_url"]
        assert url.endswith(f"{name}%40example.com")
        user = team.send("GET", "/v1/customer-portal/customer-session/user", token=made["token"]).json
        assert user["email"] == f"{name}@example.com"
        if path == MEMBER_SESSIONS:
            assert made["member"]["role"] == user["role"] == "billing_manager"

    @pytest.mark.parametrize(
        ("path", "body", "field", "message"),
        [
            (SESSIONS, {"customer_id": "customer:team", "member_id": UNKNOWN_ID}, "member_id", NO_MEMBER),
            (
                SESSIONS,
                {"customer_id": "customer:team", "external_member_id": "x"},
                "external_member_id",
                NO_MEMBER,
            ),
            (SESSIONS, {"customer_id": "customer:group"}, "member_id", "member_id is required for team customers."),
            (MEMBER_SESSIONS, {"member_id": UNKNOWN_ID}, "member_id", "Member does not exist."),
        ],
    )
    def test_when_no_member_fits_then_the_field_is_refused(
        self, team: Api, path: str, body: dict[str, str], field: str, message: str
    ) -> None:
        answer = opened(team, body, path)

        assert [(item["loc"], item["msg"]) for item in answer.json["detail"]] == [(["body", field], message)]

    def test_when_an_individual_has_no_member_then_one_owner_is_made(self, team: Api) -> None:
        for _ in range(2):
            answer = opened(team, {"customer_id": "customer:single"})
            assert answer.json["token"].startswith("polar_mst_")

        customer_id = team.world["ids"]["customer:single"]
        customer = team.server.services.worlds.get(team.world["id"]).tables.customers[customer_id]
        assert [member.role for member in customer.members] == ["owner"]

    def test_when_the_operation_is_taken_away_then_its_route_is_unknown(self, server: MockServer) -> None:
        document: dict[str, Any] = {**TEAM, "organization": {**TEAM["organization"], "member_sessions": False}}
        api = world_of(server, document)

        answer = opened(api, {"member_id": UNKNOWN_ID}, MEMBER_SESSIONS)

        assert (answer.status_code, answer.json) == (404, {"detail": "Not Found"})
