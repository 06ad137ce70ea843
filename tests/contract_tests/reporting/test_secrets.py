"""No report contains a token, even when a failing server repeats every token that it receives."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.config.credentials import NONSENSE_TOKENS
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Request, proxy
from tests.contract_tests.running import RunResult, run_contract, run_with_pytest


class _Parrot:
    """Answers 200 with the caller's token in places where the contract forbids it, and records the tokens."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def answer(self, request: Request, forward: Forward) -> Answer:
        answer = forward(request)
        if request.path.startswith("/_mock") or request.token is None:
            return answer
        self.heard.add(request.token)
        words = f'{{"error":"Parrot","detail":"{request.token} and {request.token[:30]}"}}'.encode()
        return Answer(418, {"content-type": "application/json", "x-token": request.token}, words)


def _artifacts(result: RunResult) -> list[str]:
    return [
        result.output,
        *(html.unescape(file.read_text("utf-8")) for file in result.reports.rglob("*") if file.is_file()),
    ]


@pytest.mark.parametrize(
    ("run", "arguments"),
    [
        (run_contract, ("--only", "core")),
        (run_with_pytest, ("-k", "orders:get or cleared", "--max-examples", "1")),
    ],
    ids=["polar-contract", "pytest"],
)
def test_when_a_failing_server_repeats_tokens_then_no_artifact_holds_one(
    good_mock: RunningMock, tmp_path: Path, run: Callable[..., RunResult], arguments: tuple[str, ...]
) -> None:
    parrot = _Parrot()
    with proxy(good_mock.base_url, parrot.answer) as server:
        result = run(tmp_path, "--base-url", server.base_url, *arguments)
    artifacts = _artifacts(result)
    assert result.exit_code == 1
    assert {"junit.xml", "summary.json"} <= {file.name for file in tmp_path.iterdir()}
    tokens = parrot.heard - set(NONSENSE_TOKENS.values())
    assert len(tokens) > 4
    assert [token for token in tokens if any(token[:18] in text for text in artifacts)] == []
    assert sum("<customer token>" in text for text in artifacts) >= 2
