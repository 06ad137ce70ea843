"""`polar-contract drift`: documents from files and from a server on this machine, accepted differences, bad input."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contract_tests.cli import main
from polar_contract import load_contract

_REVISION = "2026-10"


def _drift(against: object, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["drift", "--against", str(against), "--revision", _REVISION, *arguments])


@pytest.fixture
def published() -> Any:
    """A copy of the published document, for a test to change."""
    return copy.deepcopy(load_contract(_REVISION).published)


def _written(folder: Path, document: Any) -> Path:
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


def _as_it_is(document: Any) -> None:
    """Changes nothing."""


def _with_prose(document: Any) -> None:
    document["info"]["description"] = "another"
    document["components"]["schemas"]["Order"]["title"] = "Bestellung"


def _with_operation(document: Any) -> None:
    document["paths"]["/v1/refunds/"] = {"get": {"operationId": "refunds:list", "responses": {"200": {}}}}


def _with_field(document: Any) -> None:
    document["components"]["schemas"]["Order"]["properties"]["colour"] = {"type": "string"}


def _with_status(document: Any) -> None:
    document["components"]["schemas"]["OrderStatus"]["enum"].append("disputed")


def _without_field(document: Any) -> None:
    del document["components"]["schemas"]["OrderUpdate"]["properties"]["billing_name"]


def _without_operation(document: Any) -> None:
    del document["paths"]["/v1/orders/{id}/invoice"]["post"]


class GivenAFile:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (_as_it_is, "0 differences"),
            (_with_prose, "0 differences"),
            (_with_operation, "Not compared: 1 operation that the contract does not have."),
            (_with_field, "nobody: Order /colour in response 200, response 201, payload: - -> text, optional"),
        ],
    )
    def test_when_no_client_is_hurt_then_it_ends_with_0(
        self, change: Callable[[Any], None], said: str, published: Any, tmp_path: Path
    ) -> None:
        change(published)
        done = _drift(_written(tmp_path, published))

        assert done.exit_code == 0, done.output
        assert said in done.stdout.replace("\n    ", " ")
        assert done.stdout.splitlines()[-1] == "Nothing breaks clients of 2026-10."

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (_with_status, "readers: OrderStatus in response 200"),
            (_without_field, "writers: OrderUpdate /billing_name in request body: text or null, optional -> -"),
            (_without_operation, "writers: the operation: exists -> gone"),
        ],
    )
    def test_when_a_client_is_hurt_then_it_ends_with_1(
        self, change: Callable[[Any], None], said: str, published: Any, tmp_path: Path
    ) -> None:
        change(published)
        done = _drift(_written(tmp_path, published))

        assert done.exit_code == 1
        assert said in done.stdout.replace("\n    ", " ")
        assert done.stdout.splitlines()[-1] == "1 difference may break clients of 2026-10."

    def test_when_it_is_yaml_then_it_is_read_as_well(self) -> None:
        spec = Path(__file__).parents[4] / "spec"

        assert _drift(spec / _REVISION / "openapi.yaml").exit_code == 0

    def test_when_it_imitates_our_output_then_nothing_of_it_is_shown_raw(self, published: Any, tmp_path: Path) -> None:
        words = "\x1b[2J\u202e\n::error::forged ::error::forged\n0 differences"
        published["components"]["schemas"]["OrderStatus"]["enum"] = [words, *map(str, range(5))]
        published["components"]["schemas"]["Order"]["properties"][words] = {"type": "string"}
        done = _drift(_written(tmp_path, published))

        assert done.exit_code == 1
        assert [one for one in done.output if not one.isprintable() and one != "\n"] == []
        assert not any(line.strip().startswith(("::", "0 differences")) for line in done.output.splitlines())


class GivenAcceptedDifferences:
    def test_when_they_are_written_and_accepted_then_only_others_count(self, published: Any, tmp_path: Path) -> None:
        accepted = tmp_path / "accepted.txt"
        _with_status(published)
        written = _drift(_written(tmp_path, published), "--write-accept", str(accepted))
        accepted.write_text(accepted.read_text("utf-8") + "# until March\n", "utf-8")
        same = _drift(_written(tmp_path, published), "--accept", str(accepted))
        _without_field(published)
        more = _drift(_written(tmp_path, published), "--accept", str(accepted))

        assert (written.exit_code, same.exit_code, more.exit_code) == (0, 0, 1)
        assert "Accepted: 1 difference." in same.stdout
        assert "readers: OrderStatus" not in more.stdout
        assert "1 difference may break" in more.stdout

    def test_when_a_difference_is_gone_then_its_line_is_reported(self, published: Any, tmp_path: Path) -> None:
        accepted = tmp_path / "accepted.txt"
        _with_status(published)
        _drift(_written(tmp_path, published), "--write-accept", str(accepted))
        done = _drift(_written(tmp_path, load_contract(_REVISION).published), "--accept", str(accepted))

        assert done.exit_code == 0
        assert "Accepted, but no longer there: readers | OrderStatus in" in done.stdout

    @pytest.mark.parametrize(("text", "message"), [(None, "can't be read"), ("OrderStatus\n", "no difference")])
    def test_when_the_file_is_wrong_then_one_sentence_says_so(
        self, text: str | None, message: str, published: Any, tmp_path: Path
    ) -> None:
        accepted = tmp_path / "accepted.txt"
        if text is not None:
            accepted.write_text(text, "utf-8")

        _expect_2(_drift(_written(tmp_path, published), "--accept", str(accepted)), message)


def _expect_2(done: Result, message: str) -> None:
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


class GivenSomethingElse:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (None, "there is no such file"),
            (b"", "the file is empty"),
            (b"[1]", "is not an OpenAPI document"),
            (b"\xff\xfe", "not UTF-8"),
            (b"a: [", "not YAML"),
            (b"[" * 100_000, "nested too deeply"),
            (b'{"swagger": "2.0", "paths": {}}', "is not an OpenAPI document"),
            (b'{"openapi": "3.0.3", "paths": {}}', "OpenAPI 3.0.3; only 3.1 and 3.2"),
            (b'{"openapi": "3.1.0", "paths": {}}', "has no operation of the contract"),
            (
                b'{"openapi": "3.1.0", "paths": {"/v1/orders/": {"get": {"parameters": [{"$ref": "#/x"}]}}}}',
                "'#/x' leads nowhere",
            ),
        ],
    )
    def test_when_it_is_compared_then_one_sentence_says_why_not(
        self, content: bytes | None, message: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "openapi.json"
        if content is not None:
            path.write_bytes(content)

        _expect_2(_drift(path), message)

    def test_when_the_revision_is_unknown_then_the_known_ones_are_listed(self, tmp_path: Path) -> None:
        done = CliRunner().invoke(main, ["drift", "--against", "x.json", "--revision", "2026-9"])

        _expect_2(done, "known revisions: 0.1.0, 2026-04, 2026-10")


class _Handler(BaseHTTPRequestHandler):
    answers: dict[str, tuple[int, bytes]]
    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Authorization")))
        status, body = self.answers.get(self.path.partition("?")[0], (404, b"{}"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def _served(answers: dict[str, tuple[int, bytes]]) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """The base URL of a server on this machine, and what it was asked: path and credential."""
    asked: list[tuple[str, str | None]] = []
    handler = type("Handler", (_Handler,), {"answers": answers, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class GivenAUrl:
    def test_when_it_serves_the_document_then_one_get_without_a_token_is_sent(
        self, published: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("POLAR_ORGANIZATION_TOKEN", "polar_oat_" + "a" * 43)
        with _served({"/2026-10/openapi.json": (200, json.dumps(published).encode())}) as (url, asked):
            done = _drift(f"{url}/2026-10/openapi.json?key=secret")

        assert done.exit_code == 0, done.output
        assert asked == [("/2026-10/openapi.json?key=secret", None)]
        assert "secret" not in done.output

    @pytest.mark.parametrize("status", [404, 302, 500, 401])
    def test_when_it_serves_none_then_one_sentence_says_so(self, status: int) -> None:
        with _served({"/openapi.json": (status, b"no")}) as (url, asked):
            done = _drift(f"{url}/openapi.json")

        _expect_2(done, f"answered {status} and no document")
        assert len(asked) == 1

    @pytest.mark.parametrize(
        ("url", "message"),
        [
            ("http://127.0.0.1:1/openapi.json", "cannot be reached"),
            ("ftp://127.0.0.1/openapi.json", "not an http or https address"),
            ("https://user:pass@127.0.0.1/x", "must not hold credentials"),
            ("https://api.polar.sh/2026-10/openapi.json", "is production"),
            ("http://[/x", "is not a URL"),
        ],
    )
    def test_when_it_is_not_used_then_one_sentence_says_why(self, url: str, message: str) -> None:
        done = _drift(url)

        _expect_2(done, message)
        assert "pass@" not in done.output
