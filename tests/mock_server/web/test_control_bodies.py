"""Bodies of control calls: declared as JSON, of a limited number of parts, with at most twenty of their problems listed."""

from __future__ import annotations

import pytest

from mock_server.views.basics import compact
from mock_server.web.control.bodies import compact_in_pieces
from polar_contract.json_types import JsonObject
from tests.mock_server.web.conftest import Api

JSON = "application/json"


class GivenABodyThatAnyPageMaySend:
    @pytest.mark.parametrize(
        "content_type",
        [
            "application/x-www-form-urlencoded",
            "text/plain;charset=UTF-8",
            "multipart/form-data; boundary=x",
            "text/json",
            "application/jsonx",
            "text/plain; application/json",
            "text/plain, application/json",
        ],
    )
    @pytest.mark.parametrize(
        "call", ["POST /worlds", "PATCH /worlds/{}/clock", "DELETE /worlds/{}", "PUT /worlds/{}", "BREW /worlds/{}"]
    )
    def test_then_it_is_refused_with_the_header_to_add(self, api: Api, call: str, content_type: str) -> None:
        worlds = api.control("GET", "/worlds")
        method, path = call.format(api.world["id"]).split()

        answer = api.send(method, f"/_mock{path}", body=b"{}", content_type=content_type)

        assert (answer.status_code, answer.json["error"]) == (415, "ContentTypeRefused")
        assert "-H 'Content-Type: application/json'" in answer.json["detail"]
        assert content_type in answer.json["detail"]
        assert api.control("GET", "/worlds") == worlds

    @pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain"])
    def test_when_a_form_sends_nothing_then_the_same(self, api: Api, content_type: str) -> None:
        path = f"/_mock/worlds/{api.world['id']}/reset"

        assert api.send("POST", path, body=b"", content_type=content_type).status_code == 415

    def test_when_it_has_no_type_at_all_then_the_same(self, api: Api) -> None:
        answer = api.send("POST", "/_mock/worlds", body=b"{}")

        assert answer.status_code == 415
        assert "has no content type" in answer.json["detail"]

    @pytest.mark.parametrize("content_type", [JSON, "Application/JSON", "application/json; charset=utf-8"])
    def test_when_it_is_json_then_it_is_read(self, api: Api, content_type: str) -> None:
        assert api.send("POST", "/_mock/worlds", body=b"{}", content_type=content_type).status_code == 201

    def test_when_there_is_no_body_then_it_needs_no_type(self, api: Api) -> None:
        assert api.send("POST", "/_mock/worlds").status_code == 201


class GivenABodyOfManyParts:
    @pytest.mark.parametrize("filler", [b"[],", b"{},", b"[[]],"])
    def test_when_it_is_made_of_empty_objects_and_lists_then_it_is_refused_before_it_is_read(
        self, api: Api, filler: bytes
    ) -> None:
        body = b'{"orders": [' + filler * 200_000 + b"1]}"

        answer = api.send("POST", "/_mock/worlds", body=body, content_type=JSON)

        assert answer.status_code == 422
        assert "200000 objects and lists" in answer.text


class GivenABodyWithThousandsOfFaults:
    def test_then_twenty_are_named_and_the_others_counted(self, api: Api) -> None:
        answer = api.send("POST", "/_mock/worlds", body={f"n{number}": 1 for number in range(100_000)})

        assert answer.status_code == 422
        assert len(answer.json["problems"]) == 20
        assert answer.json["more_problems"] == 99_980
        assert answer.json["detail"].endswith("; and 99980 more")
        assert len(answer.data) < 100_000

    @pytest.mark.parametrize("path", ["/clock", "/orders/none"])
    def test_when_another_call_gets_it_then_the_same(self, api: Api, path: str) -> None:
        body = {f"n{number}": 1 for number in range(1_000)}

        answer = api.send("PATCH", f"/_mock/worlds/{api.world['id']}{path}", body=body)

        assert (len(answer.json["problems"]), answer.json["more_problems"]) == (20, 980)


@pytest.mark.parametrize(
    "value",
    [{}, {"a": {}}, {"é\ud800": {"b": {"c": [1, "é\ud800", None]}, "d": [{"e": {}}]}, "f": [], "g": 1.5}],
    ids=["empty", "an empty entry", "nested"],
)
def test_when_an_object_is_encoded_in_pieces_then_the_bytes_are_the_same(value: JsonObject) -> None:
    assert compact_in_pieces(value) == compact(value)
