"""Opening sessions for customers and members."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.assembly import MockServer
from tests.mock_server.web.conftest import TEAM, UNKNOWN_ID, Api

SESSIONS = "/v1/customer-sessions/"


class GivenAnOrganizationWithoutMembers:
    @pytest.mark.parametrize("name", ["external_customer_id", "customer_external_id"])
    def test_when_a_session_is_opened_by_external_id_then_its_token_works_for_an_hour(
        self, api: Api, name: str
    ) -> None:
        opened = api.send("POST", SESSIONS, token="oat", body={name: "ext-main"})

        assert opened.status_code == 201
        assert opened.json is not None
        assert opened.json["token"].startswith("polar_cst_")
        assert len(opened.json["token"]) == 53
        assert (
            f"/acme/portal?customer_session_token={opened.json['token']}&email=jane%40example.com"
            in opened.json["customer_portal_url"]
        )
        assert api.send("GET", api.order("paid"), token=opened.json["token"]).status_code == 200
        api.in_world("PATCH", "/clock", {"advance_seconds": 3600})
        assert api.send("GET", api.order("paid"), token=opened.json["token"]).status_code == 401

    def test_when_both_ids_are_given_then_the_external_one_wins(self, api: Api) -> None:
        answer = api.send(
            "POST", SESSIONS, token="oat", body={"customer_id": "abc", "external_customer_id": "ext-main"}
        )

        assert answer.status_code == 201
        assert answer.json is not None
        assert answer.json["customer_id"] == api.world["ids"]["customer:main"]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"customer_id": UNKNOWN_ID}, "customer_id"),
            ({"external_customer_id": "nobody"}, "external_customer_id"),
            ({"external_customer_id": ""}, "external_customer_id"),
        ],
    )
    def test_when_the_customer_is_unknown_then_the_field_is_refused(
        self, api: Api, body: dict[str, str], field: str
    ) -> None:
        answer = api.send("POST", SESSIONS, token="oat", body=body)

        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["error"] == "PolarRequestValidationError"
        assert answer.json["detail"] == [
            {"type": "value_error", "loc": ["body", field], "msg": "Customer does not exist.", "input": body[field]}
        ]

    def test_when_a_member_is_named_then_it_is_ignored(self, api: Api) -> None:
        body = {"customer_id": api.world["ids"]["customer:main"], "member_id": UNKNOWN_ID}

        assert api.send("POST", SESSIONS, token="oat", body=body).status_code == 201


class GivenAnOrganizationWithMembers:
    @pytest.mark.parametrize(
        ("body", "email"),
        [
            ({}, "olive%40example.com"),
            ({"external_member_id": "ext-max"}, "max%40example.com"),
            ({"member_id": "member:billing"}, "bill%40example.com"),
        ],
    )
    def test_when_a_session_is_opened_then_it_is_a_members(self, team: Api, body: dict[str, str], email: str) -> None:
        sent = {name: team.world["ids"].get(value, value) for name, value in body.items()}

        answer = team.send("POST", SESSIONS, token="oat", body={"external_customer_id": "ext-team", **sent})

        assert answer.json is not None
        assert answer.json["token"].startswith("polar_mst_")
        assert answer.json["customer_portal_url"].endswith(email)

    @pytest.mark.parametrize(
        ("customer", "more", "field", "message"),
        [
            ("team", {"member_id": UNKNOWN_ID}, "member_id", "Member does not exist for this customer."),
            ("team", {"external_member_id": "x"}, "external_member_id", "Member does not exist for this customer."),
            ("group", {}, "member_id", "member_id is required for team customers."),
        ],
    )
    def test_when_no_member_fits_then_the_field_is_refused(
        self, team: Api, customer: str, more: dict[str, str], field: str, message: str
    ) -> None:
        body = {"customer_id": team.world["ids"][f"customer:{customer}"], **more}

        answer = team.send("POST", SESSIONS, token="oat", body=body)

        assert answer.status_code == 422
        assert answer.json is not None
        assert [(item["loc"], item["msg"]) for item in answer.json["detail"]] == [(["body", field], message)]

    def test_when_an_individual_has_no_member_then_an_owner_is_made(self, team: Api) -> None:
        body = {"customer_id": team.world["ids"]["customer:single"]}

        first = team.send("POST", SESSIONS, token="oat", body=body).json
        second = team.send("POST", SESSIONS, token="oat", body=body).json

        assert first is not None
        assert second is not None
        assert first["token"].startswith("polar_mst_")
        customer = team.server.services.worlds.get(team.world["id"]).tables.customers[body["customer_id"]]
        assert [member.role for member in customer.members] == ["owner"]

    def test_when_a_member_session_is_opened_then_it_shows_member_and_customer(self, team: Api) -> None:
        member_id = team.world["ids"]["member:owner"]

        answer = team.send("POST", "/v1/member-sessions/", token="oat", body={"member_id": member_id})

        assert answer.status_code == 201
        assert answer.json is not None
        assert (answer.json["member_id"], answer.json["member"]["role"]) == (member_id, "owner")
        assert team.send("GET", team.order("paid"), token=answer.json["token"]).status_code == 200

    def test_when_the_member_is_unknown_then_the_field_is_refused(self, team: Api) -> None:
        answer = team.send("POST", "/v1/member-sessions/", token="oat", body={"member_id": UNKNOWN_ID})

        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["detail"][0]["msg"] == "Member does not exist."

    def test_when_the_operation_is_taken_away_then_its_route_is_unknown(self, server: MockServer) -> None:
        document: dict[str, Any] = {**TEAM, "organization": {**TEAM["organization"], "member_sessions": False}}
        api = Api(server)
        api.world = api.control("POST", "/worlds", document)

        answer = api.send("POST", "/v1/member-sessions/", token="oat", body={"member_id": UNKNOWN_ID})

        assert (answer.status_code, answer.json) == (404, {"detail": "Not Found"})
