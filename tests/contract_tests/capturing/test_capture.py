"""A captured account starts as a copy that shows the same, under other names; and nothing but reads is sent to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import yaml
from click.testing import CliRunner, Result

from contract_tests.cli import main
from contract_tests.worlds import Control, World, world_document
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Request, proxy
from polar_contract.json_types import JsonObject, as_list, as_object
from tests.contract_tests.test_live_targets import disguised

KINDS = ("customer", "organization")
LISTS = {"customer": "/v1/customer-portal/orders/?limit=100", "organization": "/v1/orders/?limit=100"}
# What a copy can't share with its original: ids and what is made of them, times of its own making, other names.
NOT_COPIED = re.compile(
    r".*(^|_)id|email|name|public_name|slug|external_id|avatar_url|url|line1|line2|city|postal_code|website|"
    r"billing_name|modified_at|metadata|subscription"
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def control_of(mock: RunningMock) -> Control:
    return Control(mock.base_url, lambda secret, name: None, 10.0)


@pytest.fixture(scope="module")
def original(good_mock: RunningMock) -> Iterator[World]:
    world = control_of(good_mock).create_world("core", revision="0.1.0")
    yield world
    world.delete()


def capture(world: World, *arguments: str, base_url: str | None = None, kinds: tuple[str, ...] = KINDS) -> Result:
    environment = {f"POLAR_{kind.upper()}_TOKEN": world.tokens[kind] for kind in kinds}
    url = base_url or world.control.base_url
    return CliRunner().invoke(main, ["capture", "--base-url", url, *arguments], env=environment)


def listed(mock: RunningMock, side: str, token: str) -> list[JsonObject]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.get(mock.base_url + LISTS[side], headers=headers, timeout=10)
    assert answer.status_code == 200, answer.text
    return [as_object(one) for one in as_list(answer.json()["items"])]


def comparable(value: Any) -> Any:
    """What a copy has to show as its original does."""
    if isinstance(value, dict):
        return {name: comparable(part) for name, part in value.items() if not NOT_COPIED.fullmatch(name)}
    if isinstance(value, list):
        return [comparable(part) for part in value]
    return UUID.sub("(id)", value) if isinstance(value, str) else value


class GivenAnAccount:
    def test_when_it_is_captured_then_a_copy_lists_the_same_orders(
        self, good_mock: RunningMock, original: World
    ) -> None:
        captured = capture(original)
        assert captured.exit_code == 0, captured.output
        document = yaml.safe_load(captured.stdout)
        made = as_object(control_of(good_mock).call("POST", "/_mock/worlds", document))
        tokens = as_object(made["tokens"])
        shown = listed(good_mock, "organization", original.tokens["organization"])
        copied = listed(good_mock, "organization", str(tokens["organization"]))
        assert len(shown) == len(copied) > 15
        for one, other in zip(copied, shown, strict=True):
            assert comparable(one) == comparable(other)
        portal = listed(good_mock, "customer", original.tokens["customer"])
        sides = [listed(good_mock, "customer", str(token)) for name, token in tokens.items() if name != "organization"]
        copy = next(side for side in sides if len(side) == len(portal))
        for one, other in zip(copy, portal, strict=True):
            assert comparable(one) == comparable(other)

    def test_when_it_is_captured_then_no_name_address_or_token_is_in_the_document(self, original: World) -> None:
        captured = capture(original)
        kept = _texts_of_customers(world_document("core"))
        assert len(kept) > 5
        assert [text for text in kept if text in captured.output] == []
        assert [name for name, token in original.tokens.items() if token in captured.output] == []

    def test_when_names_may_be_kept_then_they_are_and_the_document_says_so(self, original: World) -> None:
        captured = capture(original, "--keep-names")
        assert "ada@example.com" in captured.stdout
        assert "REAL NAMES" in captured.stdout

    @pytest.mark.parametrize("kind", KINDS)
    def test_when_one_token_is_given_then_what_it_shows_is_captured(
        self, good_mock: RunningMock, original: World, kind: str
    ) -> None:
        captured = capture(original, kinds=(kind,))
        assert captured.exit_code == 0, captured.output
        document = yaml.safe_load(captured.stdout)
        assert len(document["orders"]) == len(listed(good_mock, kind, original.tokens[kind]))
        control_of(good_mock).call("POST", "/_mock/worlds", document)

    def test_when_fewer_orders_are_wanted_then_the_newest_are_captured_and_the_rest_is_told(
        self, original: World
    ) -> None:
        captured = capture(original, "--max-orders", "3")
        assert len(yaml.safe_load(captured.stdout)["orders"]) == 3
        assert "older orders" in captured.stdout

    def test_when_it_is_captured_then_nothing_but_reads_is_sent(self, good_mock: RunningMock, original: World) -> None:
        with proxy(good_mock.base_url, disguised) as live:
            captured = capture(original, base_url=live.base_url)
        assert captured.exit_code == 0, captured.output
        assert {one.method for one in live.seen} == {"GET"}

    def test_when_a_file_is_named_then_the_document_is_there(self, original: World, tmp_path: Any) -> None:
        captured = capture(original, "-o", str(tmp_path / "world.yaml"))
        assert captured.exit_code == 0, captured.output
        assert yaml.safe_load((tmp_path / "world.yaml").read_text("utf-8"))["orders"]


class GivenAnAccountThatCanNotBeCaptured:
    @pytest.mark.parametrize(
        ("base_url", "said"),
        [
            ("http://127.0.0.1:9", "cannot be reached"),
            ("http://127.0.0.1:9/v1", "more than a host"),
            ("nonsense", "not an http"),
            ("https://api.polar.sh", "production"),
        ],
    )
    def test_when_the_address_is_wrong_then_a_sentence_says_so(self, original: World, base_url: str, said: str) -> None:
        captured = capture(original, base_url=base_url)
        assert captured.exit_code == 2
        assert said in captured.output
        assert "Traceback" not in captured.output

    def test_when_the_token_is_wrong_then_a_sentence_says_so(self, good_mock: RunningMock) -> None:
        environment = {"POLAR_CUSTOMER_TOKEN": "polar_cst_" + "x" * 43}
        captured = CliRunner().invoke(main, ["capture", "--base-url", good_mock.base_url], env=environment)
        assert captured.exit_code == 2
        assert "does not accept the token" in captured.output

    def test_when_no_token_is_given_then_a_sentence_says_so(self, good_mock: RunningMock) -> None:
        captured = CliRunner().invoke(main, ["capture", "--base-url", good_mock.base_url])
        assert captured.exit_code == 2
        assert "No token was given" in captured.output

    def test_when_there_is_no_order_then_a_sentence_says_so(self, good_mock: RunningMock) -> None:
        document: JsonObject = {"tokens": {"organization": {"kind": "organization_access_token"}}}
        made = as_object(control_of(good_mock).call("POST", "/_mock/worlds", document))
        environment = {"POLAR_ORGANIZATION_TOKEN": str(as_object(made["tokens"])["organization"])}
        captured = CliRunner().invoke(main, ["capture", "--base-url", good_mock.base_url], env=environment)
        assert captured.exit_code == 2
        assert "no order" in captured.output

    @pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"items": 5}', b'{"items": [{"id": "x"}]}'])
    def test_when_it_answers_nonsense_then_a_sentence_says_so(
        self, good_mock: RunningMock, original: World, body: bytes
    ) -> None:
        def layer(request: Request, forward: Forward) -> Answer:
            return Answer(200, {"content-type": "application/json"}, body)

        with proxy(good_mock.base_url, layer) as odd:
            captured = capture(original, base_url=odd.base_url)
        assert captured.exit_code == 2, captured.output
        assert "Traceback" not in captured.output


def _texts_of_customers(document: JsonObject) -> set[str]:
    """Every name, e-mail address and part of an address that the document holds, but for countries and states."""
    found: set[str] = set()
    for customer in map(as_object, as_object(document["customers"]).values()):
        address = as_object(customer.get("billing_address"))
        texts = [customer.get("email"), customer.get("name"), *(address.get(part) for part in ("line1", "city"))]
        found |= {text for text in texts if isinstance(text, str)}
    return {text for text in found if json.dumps(text) != '""'}
