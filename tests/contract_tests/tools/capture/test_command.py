"""The command `polar-contract capture`: what it sends, where it writes the document, and its exit codes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from contract_tests.cli import main
from contract_tests.targets.control_api import World
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Layer, Request, proxy
from tests.contract_tests.tools.capture.copies import world_from

_TOKEN = "polar_oat_" + "Q7z" * 14 + "q"
_JSON = {"content-type": "application/json"}
_NO_TOKENS: dict[str, str | None] = {
    "POLAR_ORGANIZATION_TOKEN": None,
    "POLAR_CUSTOMER_TOKEN": None,
    "POLAR_MEMBER_TOKEN": None,
}


def _capture(*arguments: str, token: str | None = _TOKEN) -> Result:
    environment = {**_NO_TOKENS, "POLAR_ORGANIZATION_TOKEN": token}
    return CliRunner().invoke(main, ["capture", *arguments], env=environment)


@pytest.fixture(scope="module")
def demo(good_mock: RunningMock) -> Iterator[World]:
    with world_from(good_mock.base_url, {"scenario": "members"}) as world:
        yield world


class GivenAnAccount:
    def test_when_it_is_captured_then_only_reads_are_sent(self, demo: World) -> None:
        with proxy(demo.control.base_url, lambda request, forward: forward(request)) as guarded:
            done = _capture(
                "--base-url",
                guarded.base_url,
                "--token",
                f"member={demo.tokens['owner']}",
                token=demo.tokens["organization"],
            )
        assert done.exit_code == 0, done.output
        assert {request.method for request in guarded.seen} == {"GET"}
        # Without a token the target is asked whether it speaks JSON.
        assert {one.token for one in guarded.seen} == {demo.tokens["owner"], demo.tokens["organization"], None}
        assert [request.path for request in guarded.seen if request.path.startswith("/_mock")] == []

    def test_when_no_file_is_named_then_standard_output_is_the_document_alone(self, demo: World) -> None:
        done = _capture("--base-url", demo.control.base_url, token=demo.tokens["organization"])
        assert list(yaml.safe_load(done.stdout)["orders"]) == ["order_1", "order_2"]
        assert "2 orders in " in done.stderr
        assert "not copied" in done.stderr

    def test_when_a_file_is_named_then_it_is_written(self, demo: World, tmp_path: Path) -> None:
        file = tmp_path / "world.yaml"
        done = _capture("--base-url", demo.control.base_url, "-o", str(file), token=demo.tokens["organization"])
        assert done.stdout == ""
        assert yaml.safe_load(file.read_text("utf-8"))["revision"] == "0.1.0"

    def test_when_fewer_orders_are_asked_for_then_it_says_how_many_are_missing(self, demo: World) -> None:
        done = _capture("--base-url", demo.control.base_url, "--max-orders", "1", token=demo.tokens["organization"])
        assert list(yaml.safe_load(done.stdout)["orders"]) == ["order_1"]
        assert "1 older orders" in done.stderr

    def test_when_ids_are_kept_then_the_account_s_mock_takes_the_document_after_it_is_gone(
        self, good_mock: RunningMock
    ) -> None:
        with world_from(good_mock.base_url, {"scenario": "members"}) as world:
            ids = {world.ids["order:paid"], world.ids["order:missing_name"]}
            done = _capture("--base-url", good_mock.base_url, "--keep-ids", token=world.tokens["organization"])
        with world_from(good_mock.base_url, yaml.safe_load(done.stdout)) as copy:
            assert {copy.ids["order:order_1"], copy.ids["order:order_2"]} == ids


@contextmanager
def _nobody() -> Iterator[str]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def _answering(status: int, body: bytes) -> Layer:
    def layer(request: Request, forward: Forward) -> Answer:
        return Answer(status, _JSON, body)

    return layer


def _expect_a_message(done: Result, said: str) -> None:
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert "Traceback" not in done.output
    assert _TOKEN not in done.output


class GivenNothingToCapture:
    def test_when_nobody_listens_then_it_is_reported(self) -> None:
        with _nobody() as url:
            _expect_a_message(_capture("--base-url", url), "cannot be reached")

    def test_when_the_server_hangs_then_it_is_reported(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            _expect_a_message(_capture("--base-url", url, "--timeout", "0.2"), f"{url} did not answer in time")

    @pytest.mark.parametrize(
        ("status", "body", "said"),
        [
            (401, b'{"error":"invalid_token"}', "does not accept the token for orders:list (401 invalid_token)"),
            (403, b'{"error":"insufficient_scope"}', "403 insufficient_scope"),
            (200, b'{"items":[],"pagination":{"total_count":0,"max_page":0}}', "shows no order"),
            (200, b"hello", "is it the right address?"),
            (200, b"[]", "is it the right address?"),
            (
                200,
                b'{"items":[{"id":"1","customer_id":"2","status":"paid","created_at":"soon"}]}',
                "can't be copied",
            ),
            (200, b'{"items":[{"id":"1","created_at":"2026-01-01T00:00:00Z"}]}', "customer_id"),
            (
                200,
                b'{"items":[{"id":"1","created_at":"2026-01-01T00:00:00Z","customer_id":"2","status":"odd"}]}',
                "'odd'",
            ),
            (500, b"", "is it the right address?"),
            (418, f'{{"detail":"{_TOKEN}"}}'.encode(), "is it the right address?"),
        ],
    )
    def test_when_the_answer_is_no_account_then_it_is_reported(self, status: int, body: bytes, said: str) -> None:
        with proxy("", _answering(status, body)) as server:
            _expect_a_message(_capture("--base-url", server.base_url), said)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--base-url", "http://127.0.0.1:9/v1"], "has more than a host"),
            (["--base-url", "nonsense"], "not an http or https address"),
            (["--base-url", "https://api.polar.sh"], "is production"),
            (["--base-url", "http://127.0.0.1:9", "--revision", "9.9.9"], "no revision '9.9.9'"),
            (["--base-url", "http://127.0.0.1:9", "--token", f"king={_TOKEN}"], "--token takes KIND=TOKEN"),
            (["--base-url", "http://127.0.0.1:9", "--max-orders", "0"], "--max-orders"),
            (["--base-url", "http://127.0.0.1:9", "--timeout", "0"], "--timeout"),
            (["--base-url", "http://127.0.0.1:9", "--timeout", "nan"], "nan is no number of seconds"),
            ([], "--base-url"),
        ],
    )
    def test_when_an_argument_is_wrong_then_it_is_reported(self, arguments: list[str], said: str) -> None:
        _expect_a_message(_capture(*arguments), said)

    def test_when_no_token_is_given_then_it_is_reported(self, good_mock: RunningMock) -> None:
        _expect_a_message(_capture("--base-url", good_mock.base_url, token=None), "No token was given")

    def test_when_the_file_cannot_be_written_then_it_is_reported(self, demo: World, tmp_path: Path) -> None:
        done = _capture("--base-url", demo.control.base_url, "-o", str(tmp_path), token=demo.tokens["organization"])
        _expect_a_message(done, "could not be written")
