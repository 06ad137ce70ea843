"""Recordings that do not show the caller: authorization is not checked, everything else is, and the output reports it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.tools.replay.callers import Caller, caller_of
from tests.contract_tests.running import RunResult

_TOKEN = "polar_cst_" + "Q7z" * 14 + "q"
_LIST, _UNPAID, _PATCH, _REFUSED, _NOBODY = 0, 2, 3, 4, 9
_NOT_CHECKED = "not checked: authorization"
Header = dict[str, str]


@pytest.fixture(scope="module")
def of_a_run(core_run: RunResult) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((core_run.reports / "exchanges.har").read_text("utf-8"))
    return document


def _with_headers(document: dict[str, Any], change: Callable[[int, Header], Header | None]) -> dict[str, Any]:
    """The document with another `Authorization`, or none, in each entry that has one."""
    changed = copy.deepcopy(document)
    for number, entry in enumerate(changed["log"]["entries"]):
        headers = entry["request"]["headers"]
        entry["request"]["headers"] = [
            one
            for one in (change(number, header) if header["name"] == "Authorization" else header for header in headers)
            if one is not None
        ]
    return changed


def _left_out(_number: int, _header: Header) -> None:
    return None


def _every_third_left_out(number: int, header: Header) -> Header | None:
    return None if number % 3 else header


def _masked_as(value: str) -> Callable[[int, Header], Header]:
    return lambda _number, header: {**header, "value": value}


def _checked(folder: Path, document: dict[str, Any], *options: str) -> tuple[int, str]:
    file = folder / "exported.har"
    file.write_text(json.dumps(document), "utf-8")
    done = CliRunner().invoke(main, ["replay", *options, str(file)])
    return done.exit_code, done.output


def _answered(document: dict[str, Any], number: int, status: int, **body: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    answer = changed["log"]["entries"][number]["response"]
    answer["status"] = status
    answer["content"]["text"] = json.dumps({**json.loads(answer["content"]["text"]), **body})
    return changed


_WAYS = {
    "left out": _left_out,
    "left out of some": _every_third_left_out,
    "[redacted]": _masked_as("Bearer [redacted]"),
    "stars": _masked_as("***"),
    "a word": _masked_as("REDACTED"),
    "empty": _masked_as(""),
    "the prefix kept": _masked_as("Bearer polar_cst_***"),
    "the length kept": _masked_as("Bearer polar_cst_" + "x" * 43),
    "one for all": _masked_as("Bearer <token>"),
}


class GivenAHarThatDoesNotShowTheCaller:
    @pytest.mark.parametrize("way", _WAYS)
    def test_when_it_is_checked_then_nothing_is_found_and_what_is_not_checked_is_reported(
        self, of_a_run: dict[str, Any], tmp_path: Path, way: str
    ) -> None:
        exit_code, output = _checked(tmp_path, _with_headers(of_a_run, _WAYS[way]))
        assert exit_code == 0, output
        assert _NOT_CHECKED in output
        assert "Export HAR (with sensitive data)" in output

    @pytest.mark.parametrize("way", _WAYS)
    @pytest.mark.parametrize(
        ("number", "status", "body"),
        [
            (_LIST, 200, {"items": []}),
            (_UNPAID, 200, {"total_amount": 1}),
            (_PATCH, 200, {"billing_name": "Somebody"}),
            (_REFUSED, 422, {"error": "MissingInvoiceBillingDetails"}),
            (_REFUSED, 500, {}),
            (_NOBODY, 401, {"detail": "Go away"}),
        ],
        ids=["a short page", "amounts", "a change that does not show", "the wrong refusal", "a failure", "other words"],
    )
    def test_when_an_answer_is_wrong_for_every_caller_then_it_is_found(
        self, recorded: dict[str, Any], tmp_path: Path, way: str, number: int, status: int, body: dict[str, Any]
    ) -> None:
        wrong = _answered(recorded, number, status, **body)
        exit_code, output = _checked(tmp_path, _with_headers(wrong, _WAYS[way]))
        assert exit_code == 1, output
        assert f"exported.har: entry {number + 1}\n" in output

    def test_when_all_headers_are_there_then_nothing_is_reported_as_not_checked(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        exit_code, output = _checked(tmp_path, recorded)
        assert exit_code == 0, output
        assert _NOT_CHECKED not in output

    def test_when_the_user_says_that_all_headers_are_there_then_the_requests_had_no_token(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        exit_code, output = _checked(tmp_path, _with_headers(recorded, _left_out), "--all-headers")
        assert exit_code == 1, output
        assert "expected   401 Unauthorized" in output
        assert _NOT_CHECKED not in output

    def test_when_the_document_says_itself_that_no_token_was_sent_then_a_successful_answer_is_found(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        """The other entries have lost their header."""
        document = _with_headers(recorded, _left_out)
        entries = document["log"]["entries"]
        entries[_NOBODY]["response"] = entries[_UNPAID - 1]["response"]
        exit_code, output = _checked(tmp_path, document)
        assert exit_code == 1, output
        assert output.count("expected   401 Unauthorized") == 1

    def test_when_the_file_is_of_a_browser_then_no_request_counts_as_sent_without_a_token(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        document = _with_headers(recorded, _left_out)
        for entry in document["log"]["entries"]:
            del entry["request"]["_sentNoToken"]
            entry["request"]["cookies"] = [{"name": "polar_session", "value": "[redacted]"}]
        exit_code, output = _checked(tmp_path, document, "--all-headers")
        assert exit_code == 0, output
        assert "in 10 of 10 answers: 10 requests without Authorization." in output


@pytest.mark.parametrize(
    ("headers", "has_all", "caller"),
    [
        ({"Authorization": f"Bearer {_TOKEN}"}, False, Caller.SHOWN),
        ({"authorization": f"bearer  {_TOKEN}"}, False, Caller.SHOWN),
        ({"Authorization": "Bearer"}, False, Caller.SHOWN),
        ({"Authorization": "Basic dXNlcjpwYXNz"}, False, Caller.SHOWN),
        ({}, False, Caller.LEFT_OUT),
        ({}, True, Caller.SHOWN),
        ({"Cookie": "session=1"}, True, Caller.LEFT_OUT),
        ({"Authorization": _TOKEN.replace("polar", "Bearer polar")[:24]}, False, Caller.MASKED),
        ({"Authorization": f"Bearer {_TOKEN[:-3]}..."}, True, Caller.MASKED),
        ({"Authorization": "Bearer ****"}, True, Caller.MASKED),
        ({"Authorization": "Bearer <customer token>"}, True, Caller.MASKED),
    ],
    ids=range(11),
)
def test_what_a_request_shows_of_its_caller(headers: Header, has_all: bool, caller: Caller) -> None:
    assert caller_of(headers, has_all_headers=has_all) is caller
