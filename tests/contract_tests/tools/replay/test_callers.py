"""Recordings that do not show the caller: authorization is not checked, everything else is, and the output reports it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.reporting.files import MOST_HAR_BYTES
from contract_tests.tools.replay.callers import Caller, caller_of
from contract_tests.tools.replay.checking import check_files
from mock_server.testing import RunningMock
from polar_contract import load_contract
from tests.contract_tests.running import run_contract

_TOKEN = "polar_cst_" + "Q7z" * 14 + "q"
_LIST, _UNPAID, _PATCH, _REFUSED, _AFTER_THE_PATCH, _NOBODY = 0, 2, 3, 4, 7, 9
_WRONG_FOR_EVERYBODY: tuple[tuple[int, int, dict[str, Any]], ...] = (
    # A short page, amounts that do not add up, a change that does not show, other words.
    (_LIST, 200, {"items": []}),
    (_UNPAID, 200, {"total_amount": 1}),
    (_PATCH, 200, {"billing_name": "Somebody"}),
    (_NOBODY, 401, {"detail": "Go away"}),
)
_MASKS = (
    *("Bearer [redacted]", "Bearer polar_cst_***", "Bearer polar_cst_" + "x" * 43, "Bearer <token>"),
    *("***", "REDACTED", ""),
)
_NOT_CHECKED = "not checked: authorization"
Header = dict[str, str]


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


def _masked(number: int, header: Header) -> Header:
    return {**header, "value": _MASKS[number % len(_MASKS)]}


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


_WAYS = {"left out": _left_out, "left out of some": _every_third_left_out, "masked": _masked}


def test_when_the_har_of_a_run_is_replayed_then_nothing_is_found_whatever_it_shows_of_the_callers(
    good_mock: RunningMock, tmp_path: Path
) -> None:
    """It has requests with and without tokens, of all kinds of callers."""
    run = run_contract(tmp_path, "--base-url", good_mock.base_url, "--only", "core")
    assert run.exit_code == 0, run.output
    assert "--har full keeps all" in run.output
    file = run.reports / "exchanges.har"
    assert file.stat().st_size <= MOST_HAR_BYTES
    as_written = check_files([file], load_contract("0.1.0"))
    assert [str(one) for one in as_written.findings] == []
    assert as_written.checked > 400
    document = json.loads(file.read_text("utf-8"))
    for way, change in _WAYS.items():
        exit_code, output = _checked(tmp_path, _with_headers(document, change))
        assert exit_code == 0, f"{way}: {output}"
        assert _NOT_CHECKED in output, way
        assert "Export HAR (with sensitive data)" in output, way


class GivenAHarThatDoesNotShowTheCaller:
    @pytest.mark.parametrize("way", _WAYS)
    @pytest.mark.parametrize(
        ("status", "body"),
        [(422, {"error": "MissingInvoiceBillingDetails"}), (500, {})],
        ids=["the wrong refusal", "a failure"],
    )
    def test_when_answers_are_wrong_for_every_caller_then_each_is_found(
        self, recorded: dict[str, Any], tmp_path: Path, way: str, status: int, body: dict[str, Any]
    ) -> None:
        wrong = _answered(recorded, _REFUSED, status, **body)
        for number, own_status, own_body in _WRONG_FOR_EVERYBODY:
            wrong = _answered(wrong, number, own_status, **own_body)
        exit_code, output = _checked(tmp_path, _with_headers(wrong, _WAYS[way]))
        assert exit_code == 1, output
        found = {int(entry) for entry in re.findall(r"^exported\.har: entry (\d+)$", output, re.M)}
        # The next answer with the order contradicts the changed one.
        wrong_ones = (_REFUSED, _AFTER_THE_PATCH, *(number for number, _, _ in _WRONG_FOR_EVERYBODY))
        assert found == {number + 1 for number in wrong_ones}

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
        *(({"Authorization": mask}, True, Caller.MASKED) for mask in _MASKS),
    ],
    ids=range(11 + len(_MASKS)),
)
def test_what_a_request_shows_of_its_caller(headers: Header, has_all: bool, caller: Caller) -> None:
    assert caller_of(headers, has_all_headers=has_all) is caller
