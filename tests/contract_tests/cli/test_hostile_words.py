"""A target that sends control characters, markup, lines that imitate our output, and tokens in altered spellings."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.targets.control_api import Control, World
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, HangUp, Request, proxy
from tests.contract_tests.running import RunResult, run_contract, run_with_pytest
from tests.contract_tests.services import without_control_api
from tests.contract_tests.tools.compare.comparing import run_compare

_FORGED = "The mock: no violations of the contract found; 999 checks passed."
_SIGNS = "\x1b[2J\x1b]0;owned\x07 \x9b31m \u202egnp \u200bzero\u2066 \r::stop-commands::x \U000e0041"
_WORDS = f"{_SIGNS}\n{_FORGED}\n::error::{_FORGED}"


def _spelled(token: str) -> list[str]:
    """The token itself, and altered spellings of it."""
    rest = token.rpartition("_")[2]
    signs = ("\\u005f", "&#95;", "&lowbar;", "%5F", "%255F", "-", "\u2013", "\u2014")
    between = [token.replace("_", sign) for sign in signs]
    return [token, token[:30], *between, rest, rest.lower(), rest.upper(), token.upper(), rest[::-1], " ".join(rest)]


class _Hostile:
    """Puts all of it into every part of an answer, and records the tokens that it received."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def answer(self, request: Request, forward: Forward) -> Answer:
        if request.path.startswith("/_mock"):
            return forward(request)
        said = [_WORDS]
        if request.token is not None and request.token not in NONSENSE_TOKENS.values():
            self.heard.add(request.token)
            said += _spelled(request.token)
        body = json.dumps({"error": _WORDS, "detail": said, _WORDS: 1}, ensure_ascii=False).encode()
        # Raw as well, which JSON does not allow.
        headers = {
            "content-type": "application/json\x1b[31m\x9b",
            "x-said": "\x1b[31m\x9b" + " ".join(map(_latin, said[1:])),
        }
        return Answer(418, headers, body + _SIGNS.encode())

    def left_in(self, texts: list[str]) -> list[str]:
        """The token spellings that occur in the texts."""
        return [spelled for token in self.heard for spelled in _spelled(token) if any(spelled in one for one in texts)]


def _latin(text: str) -> str:
    return text.encode("latin-1", "ignore").decode("latin-1")


def _unseen(text: str) -> set[str]:
    return {character for character in text if not character.isprintable() and character not in "\n\t"}


def _written(result: RunResult) -> dict[str, str]:
    return {str(file): file.read_text("utf-8") for file in result.reports.rglob("*") if file.is_file()}


class GivenAHostileMock:
    @pytest.mark.parametrize(
        ("run", "arguments"),
        [
            (run_contract, ("--only", "scenarios", "--max-requests", "40")),
            (run_contract, ("--only", "webhooks", "--workers", "2", "--max-requests", "40")),
            (run_with_pytest, ("-k", "cleared or test_scenarios_states or get_payment_status", "--max-examples", "1")),
        ],
        ids=["polar-contract", "processes", "pytest"],
    )
    def test_when_it_is_tested_then_nothing_of_it_is_shown_raw(
        self,
        good_mock: RunningMock,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        run: Callable[..., RunResult],
        arguments: tuple[str, ...],
    ) -> None:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        hostile = _Hostile()
        with proxy(good_mock.base_url, hostile.answer) as server:
            result = run(tmp_path, "--base-url", server.base_url, *arguments)
        assert result.exit_code == 1, result.output[-3000:]
        assert server.mistakes == []
        shown = {"output": result.output, **_written(result)}
        assert {name: _unseen(text) for name, text in shown.items() if _unseen(text)} == {}
        assert r"\u202e" in result.output
        lines = [line.strip() for line in result.output.splitlines()]
        assert not any(line.startswith((_FORGED, "::stop-commands", f"::error::{_FORGED}")) for line in lines)
        assert len(hostile.heard) > 4
        texts = [*shown.values(), *map(html.unescape, shown.values())]
        assert hostile.left_in(texts) == []
        assert [token for token in hostile.heard if any(token[:18] in text for text in texts)] == []
        assert sum("<customer token>" in html.unescape(text) for text in shown.values()) >= 2
        assert {"junit.xml", "summary.json"} <= {file.name for file in tmp_path.iterdir()}

    def test_when_it_is_compared_then_nothing_of_it_is_shown_raw(self, good_mock: RunningMock) -> None:
        hostile = _Hostile()

        def layer(request: Request, forward: Forward) -> Answer:
            is_known = request.token is not None and request.token not in NONSENSE_TOKENS.values()
            return hostile.answer(request, forward) if is_known else forward(request)

        with proxy(good_mock.base_url, layer) as server:
            sides = ("--left", good_mock.base_url, "--right", server.base_url)
            compared = run_compare(*sides, "--no-checks", "--fail-fast")
        assert compared.exit_code == 1, compared.output
        assert hostile.heard
        assert _unseen(compared.output) == set()
        assert r"\u202e" in compared.output
        assert hostile.left_in(["".join(compared.output.split()), compared.output]) == []

    def test_when_its_recorded_answers_are_checked_then_nothing_of_them_is_shown_raw(self, tmp_path: Path) -> None:
        token = "polar_cst_" + "aB3dE" * 8 + "xyz"
        recorded = tmp_path / "hostile.har"
        recorded.write_text(json.dumps(_har(token)), "utf-8")
        done = CliRunner().invoke(main, ["replay", str(recorded)])
        assert done.exit_code == 1, done.output
        assert _unseen(done.output) == set()
        assert [spelled for spelled in _spelled(token) if spelled in done.output] == []
        assert not any(line.startswith(_FORGED) for line in done.output.splitlines())


def _har(token: str) -> dict[str, object]:
    headers = [{"name": "Authorization", "value": f"Bearer {token}"}]
    text = f"{_WORDS} {' '.join(_spelled(token))}"
    answer = {
        "status": 200,
        "headers": [{"name": "content-type", "value": f"text/{_SIGNS}"}],
        "content": {"text": text},
    }
    request = {"method": "GET", "url": f"https://x.test/v1/orders/?q={_SIGNS}", "headers": headers, "queryString": []}
    entry = {"startedDateTime": "2026-05-01T00:00:00+00:00", "time": 1, "request": request, "response": answer}
    return {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [entry]}}


@pytest.fixture
def account(good_mock: RunningMock) -> Iterator[World]:
    world = Control(good_mock.base_url, lambda secret, name: None, 10.0).create_world("core", revision="0.1.0")
    yield world
    world.delete()


def _environment(account: World) -> dict[str, str]:
    return {"POLAR_ORGANIZATION_TOKEN": account.tokens["organization"]}


class GivenAHostileLiveTarget:
    @pytest.mark.parametrize(
        "answer",
        [
            Answer(302, {"location": "https://else.test/\x1b[31m\x9b\x7f"}, b""),
            Answer(401, {"content-type": "application/json"}, json.dumps({"error": _WORDS}).encode()),
            Answer(200, {"content-type": "application/json"}, json.dumps({"error": _WORDS}).encode()),
        ],
        ids=["redirect", "refusal", "no list"],
    )
    @pytest.mark.parametrize("command", ["run", "capture"])
    def test_when_it_ends_a_command_then_the_sentence_holds_nothing_raw(
        self, good_mock: RunningMock, account: World, tmp_path: Path, answer: Answer, command: str
    ) -> None:
        def layer(request: Request, forward: Forward) -> Answer:
            return without_control_api(request, forward) if request.path.startswith("/_mock") else answer

        with proxy(good_mock.base_url, layer) as server:
            arguments = [command, "--base-url", server.base_url]
            arguments += ["--reports", str(tmp_path)] if command == "run" else []
            if command == "run":
                result = run_contract(tmp_path, "--base-url", server.base_url, environment=_environment(account))
                exit_code, output = result.exit_code, result.output
            else:
                done = CliRunner().invoke(main, arguments, env=_environment(account))
                exit_code, output = done.exit_code, done.output
        assert exit_code == 2, output
        assert _unseen(output) == set()
        assert not any(line.startswith((_FORGED, "::")) for line in output.splitlines())

    def test_when_it_is_copied_then_neither_document_nor_notes_hold_anything_raw(
        self, good_mock: RunningMock, account: World
    ) -> None:
        def layer(request: Request, forward: Forward) -> Answer:
            answer = without_control_api(request, forward)
            if "webhooks" in request.path:
                return Answer(403, answer.headers, json.dumps({"error": f"{_WORDS}\norders: []"}).encode())
            return answer.but(body=answer.body.replace(b'"Pro plan"', json.dumps(f"Pro {_SIGNS}").encode()))

        with proxy(good_mock.base_url, layer) as server:
            done = CliRunner().invoke(main, ["capture", "--base-url", server.base_url], env=_environment(account))
        assert done.exit_code == 0, done.output
        assert _unseen(done.output) == set()
        assert "orders: []" not in done.output.splitlines()


class GivenATargetThatLeavesEveryThirdRequestUnanswered:
    def test_when_it_is_tested_then_the_limit_of_the_run_ends_it(self, good_mock: RunningMock, tmp_path: Path) -> None:
        counted, ended = iter(range(1, 1_000_000)), threading.Event()

        def layer(request: Request, forward: Forward) -> Answer:
            if not request.path.startswith("/_mock") and next(counted) % 3 == 0:
                ended.wait(60)
                raise HangUp
            return forward(request)

        with proxy(good_mock.base_url, layer) as server:
            limits = ("--timeout", "1", "--max-time", "2")
            result = run_contract(tmp_path, "--base-url", server.base_url, "--only", "core", *limits)
            ended.set()
        assert result.exit_code in (1, 2), result.output
        assert "with higher limits: --max-time above 2" in result.output
