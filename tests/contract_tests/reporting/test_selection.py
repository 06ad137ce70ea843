"""The HAR file stays within its size limit, keeps the most important exchanges, and reports how many it leaves out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.checks.findings import Finding
from contract_tests.checks.rules import Rule
from contract_tests.reporting.files import HAR_FILE, MOST_HAR_BYTES, write_files
from contract_tests.reporting.har import LEFT_OUT
from contract_tests.reporting.html import page_of
from contract_tests.reporting.report import Report
from contract_tests.reporting.results import Checked, Ended, Results
from contract_tests.reporting.selection import selected
from contract_tests.reporting.terminal import print_report, report_console
from contract_tests.tools.replay.checking import check_files
from contract_tests.transport.exchanges import Exchange
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, Request, proxy
from polar_contract import Contract, load_contract
from polar_contract.json_types import JsonObject
from tests.contract_tests.reporting.reports import EXCHANGE, a_finding, a_report
from tests.contract_tests.running import run_contract

_BIG = 400_000


def _exchange(number: int, *, size: int = 0, status: int = 200, text: str = "x") -> Exchange:
    body = json.dumps({"padding": text * size}, ensure_ascii=False).encode()
    url = f"http://127.0.0.1:1/v1/orders/?n={number}"
    return replace(EXCHANGE, url=url, body=body, status=status, started_at=1_790_000_000.5 + number)


def _report(
    contract: Contract,
    folder: Path,
    exchanges: Sequence[Exchange],
    *,
    har: str = "short",
    of_findings: Sequence[int] = (),
) -> Report:
    report = a_report(contract, folder)
    for number in of_findings:
        about = exchanges[number]
        finding = replace(a_finding(), reproduce=about.curl())
        report.results.add_findings([finding])
        report.results.checked.append(Checked(f"x::{number}", (about,), (finding,), "core", Ended.BROKEN))
    return replace(report, exchanges=exchanges, settings=replace(report.settings, har=har))


def _written(report: Report) -> tuple[JsonObject, Report, int]:
    report = write_files(report, str)
    data = (report.settings.reports / HAR_FILE).read_bytes()
    log: JsonObject = json.loads(data)["log"]
    return log, report, len(data)


def _numbers(log: JsonObject) -> list[int]:
    entries = log["entries"]
    assert isinstance(entries, list)
    return [int(json.loads(json.dumps(one))["request"]["url"].rpartition("=")[2]) for one in entries]


class GivenMoreThanFiveMegabytes:
    @pytest.mark.parametrize(
        ("count", "size", "text"),
        [(40, _BIG, "x"), (6_000, 100, "x"), (40, _BIG // 4, "\u20ac"), (400, 3_000, "\u202e"), (40, _BIG // 4, '"')],
        ids=["large", "tiny", "several-bytes", "shown-escaped", "escaped-twice"],
    )
    def test_when_it_is_written_then_it_is_below_and_has_as_much_as_fits(
        self, contract: Contract, tmp_path: Path, count: int, size: int, text: str
    ) -> None:
        exchanges = [_exchange(number, size=size, text=text) for number in range(count)]
        log, reported, written = _written(_report(contract, tmp_path, exchanges))
        kept = _numbers(log)
        assert written <= MOST_HAR_BYTES
        assert written > MOST_HAR_BYTES - 2 * written / len(kept) - 1_000
        assert log[LEFT_OUT] == count - len(kept) > 0
        assert any(f"contains {len(kept)} of {count} exchanges" in note for note in reported.notes)

    def test_when_findings_are_among_them_then_their_exchanges_are_kept_whole(
        self, contract: Contract, tmp_path: Path
    ) -> None:
        exchanges = [_exchange(number, size=_BIG) for number in range(40)]
        report = _report(contract, tmp_path, exchanges, of_findings=(20, 38, 39))
        log, reported, _ = _written(report)
        assert {20, 38, 39} <= set(_numbers(log))
        assert exchanges[39].body.decode() in json.dumps(log).encode().decode("unicode_escape")
        assert not any("of findings did not fit" in note for note in reported.notes)

    def test_when_a_finding_alone_is_too_large_then_it_is_reported_and_the_others_are_kept(
        self, contract: Contract, tmp_path: Path
    ) -> None:
        exchanges = [_exchange(number, size=MOST_HAR_BYTES) for number in range(2)] + [_exchange(2), _exchange(3)]
        log, reported, written = _written(_report(contract, tmp_path, exchanges, of_findings=range(3)))
        assert written <= MOST_HAR_BYTES
        assert _numbers(log) == [2, 3]
        assert any("2 exchanges of findings did not fit" in note for note in reported.notes)

    def test_when_statuses_differ_then_one_of_each_is_kept(self, contract: Contract, tmp_path: Path) -> None:
        exchanges = [_exchange(number, size=_BIG) for number in range(40)] + [_exchange(40, size=_BIG, status=404)]
        log, _, _ = _written(_report(contract, tmp_path, exchanges))
        assert _numbers(log)[0] == 0
        assert _numbers(log)[-1] == 40

    def test_when_all_is_asked_for_then_all_is_there(self, contract: Contract, tmp_path: Path) -> None:
        exchanges = [_exchange(number, size=_BIG) for number in range(20)]
        log, reported, written = _written(_report(contract, tmp_path, exchanges, har="full"))
        assert _numbers(log) == list(range(20))
        assert written > MOST_HAR_BYTES
        assert LEFT_OUT not in log
        assert reported.notes == ()

    def test_when_it_is_reported_then_the_terminal_and_the_page_say_what_is_left_out(
        self, contract: Contract, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        exchanges = [_exchange(number, size=_BIG) for number in range(40)]
        _, reported, _ = _written(_report(contract, tmp_path, exchanges))
        print_report(reported, report_console(), str)
        for text in (capsys.readouterr().out, page_of(reported)):
            assert "of 40 exchanges" in text
            assert "--har full keeps all" in text

    def test_when_many_do_not_fit_then_smaller_ones_after_them_do(self) -> None:
        exchanges = [_exchange(number, status=200 + number % 3) for number in range(300)]
        sizes = {id(one): 9_000 if number < 290 else 900 for number, one in enumerate(exchanges)}
        selection = selected(exchanges, Results(), size_of=lambda one: sizes[id(one)], redact=str, most_bytes=8_999)
        assert selection.kept == exchanges[290:299]
        assert selection.findings_left_out == 0


class GivenLess:
    def test_when_it_is_written_then_all_is_there_without_a_note(self, contract: Contract, tmp_path: Path) -> None:
        log, reported, _ = _written(_report(contract, tmp_path, [_exchange(number) for number in range(50)]))
        assert _numbers(log) == list(range(50))
        assert LEFT_OUT not in log
        assert reported.notes == ()


class GivenRuns:
    def test_when_something_is_found_then_its_exchange_is_in_the_file(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        def layer(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            if request.path.startswith("/_mock") or answer.status != 200:
                return answer
            is_listed = request.is_on("GET", "/customer-portal/orders/")
            body = answer.body.replace(b'"max_page"', b'"pages"') if is_listed else answer.body
            # With much white space, a few requests are more than the file may contain.
            return answer.but(body=body + b" " * 150_000)

        with proxy(good_mock.base_url, layer) as target:
            kinds = ("--only", "core", "--workers", "2", "--max-requests", "120")
            run = run_contract(tmp_path, "--base-url", target.base_url, *kinds)
        verdict = check_files([tmp_path / HAR_FILE], load_contract("0.1.0"))
        wrong = {one.finding.operation_id for one in verdict.findings}
        assert run.exit_code == 1, run.output
        assert "--har full keeps all" in run.output
        assert wrong == {"customer_portal:orders:list"}
        assert len(verdict.findings) >= len([_ for _ in run.findings() if _[1] in wrong])


def test_a_finding_without_an_exchange_does_not_count_as_left_out(contract: Contract, tmp_path: Path) -> None:
    report = _report(contract, tmp_path, [_exchange(0)])
    report.results.checked.append(
        Checked("x::y", (), (Finding(Rule.DOCUMENTED, "", "", None, "contract", "curl", ""),), "core")
    )
    assert _written(report)[1].notes == ()
