"""Reports keep their documented format, and no text from a server can become markup or a command in them."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import jsonschema_rs
import pytest

from contract_tests.checks.rules import Rule
from contract_tests.reporting.annotations import is_workflow, workflow_commands
from contract_tests.reporting.files import HAR_FILE, JUNIT_FILE, PAGE_FILE, SUMMARY_FILE, write_files
from contract_tests.reporting.har import har_of
from contract_tests.reporting.html import page_of
from contract_tests.reporting.redaction import Redactor
from contract_tests.reporting.report import timings
from contract_tests.reporting.summary import summary_of
from contract_tests.reporting.terminal import print_report, report_console
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.json_types import JsonObject, as_list, as_object
from tests.contract_tests.reporting.reports import EXCHANGE, a_broken_guarantee, a_finding, a_report


class _Page(HTMLParser):
    """Collects the tags, and the addresses that the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")]


def violations(summary: JsonObject) -> list[str]:
    schema = json.loads(resources.files("contract_tests.reporting").joinpath("summary.schema.json").read_text())
    return [str(one) for one in jsonschema_rs.validator_for(schema).iter_errors(summary)]


class GivenABrokenRun:
    def test_then_the_summary_keeps_its_documented_form(self, contract: Contract, tmp_path: Path) -> None:
        summary = summary_of(a_report(contract, tmp_path, a_finding(), a_finding(Rule.COMPLETE, None)))

        assert violations(summary) == []
        assert (summary["verdict"], summary["exit_code"], len(as_list(summary["findings"]))) == ("breaks", 1, 2)

    @pytest.mark.parametrize("counted", [True, False])
    def test_then_documented_guarantees_are_listed_apart_and_say_whether_they_count(
        self, contract: Contract, tmp_path: Path, capsys: pytest.CaptureFixture[str], counted: bool
    ) -> None:
        report = a_report(contract, tmp_path, a_finding(), a_broken_guarantee(), counts_guarantees=counted)
        summary = summary_of(report)
        assert violations(summary) == []
        assert [as_object(one)["rule_id"] for one in as_list(summary["findings"])] == [Rule.DOCUMENTED.id]
        assert as_object(summary["broken_guarantees"])["counted"] is counted
        levels = [line.split()[0] for line in workflow_commands(report)]
        assert levels == ["::error", "::error" if counted else "::warning", "::error"]
        assert ("count in this run" in page_of(report)) is counted
        print_report(report, report_console(), str)
        assert ("reported, not counted" in capsys.readouterr().out) is not counted

    def test_then_nothing_that_the_server_said_becomes_markup(self, contract: Contract, tmp_path: Path) -> None:
        page = _Page()
        page.feed(page_of(a_report(contract, tmp_path, a_finding())))

        assert {"script", "link", "img", "iframe"}.isdisjoint(page.tags)
        assert page.loads == []
        assert page.tags.count("details") == 2  # the finding, and the skipped checks

    def test_then_the_page_holds_findings_matrix_timings_and_skipped_checks(
        self, contract: Contract, tmp_path: Path
    ) -> None:
        page = page_of(a_report(contract, tmp_path, a_finding()))

        assert all(
            text in page for text in (Rule.DOCUMENTED.sentence, Rule.DOCUMENTED.id, "GET http://127.0.0.1:1/v1/orders/")
        )
        assert all(
            text in page for text in ("orders:update: it writes", "<td>250.0</td>", "customer_portal:orders:get")
        )

    def test_then_a_workflow_gets_one_line_per_finding_and_one_for_the_verdict(
        self, contract: Contract, tmp_path: Path
    ) -> None:
        lines = list(workflow_commands(a_report(contract, tmp_path, a_finding(), a_finding(), a_finding(Rule.LISTED))))

        assert len(lines) == 3
        assert all(line.startswith("::error title=") and "\n" not in line for line in lines)
        assert "%0A::error::mine" in lines[0]
        assert "100%25" in lines[0]
        assert "orders%3Alist%3A A list has the orders that its filters%2C sorting" in lines[1]

    def test_when_it_is_a_workflows_step_then_the_lines_are_printed(
        self,
        contract: Contract,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        print_report(a_report(contract, tmp_path, a_finding()), report_console(), str)

        assert capsys.readouterr().out.count("\n::error title=") == 2


class GivenAGreenRun:
    def test_then_a_workflow_gets_no_line(self, contract: Contract, tmp_path: Path) -> None:
        assert list(workflow_commands(a_report(contract, tmp_path))) == []

    def test_when_files_are_written_then_all_are_there_and_no_secret_is_in_any(
        self, contract: Contract, tmp_path: Path
    ) -> None:
        redactor = Redactor()
        redactor.learn("secret-token-1", "<customer token>")
        write_files(a_report(contract, tmp_path / "new", a_finding()), redactor.redact)

        written = {file.name: file.read_text("utf-8") for file in (tmp_path / "new").iterdir()}
        assert set(written) == {SUMMARY_FILE, PAGE_FILE, JUNIT_FILE, HAR_FILE}
        assert [name for name, text in written.items() if "secret-token-1" in text] == []
        assert "<customer token>" in written[HAR_FILE]

    def test_when_a_secret_stands_before_a_quote_then_what_is_written_is_still_json(
        self, contract: Contract, tmp_path: Path
    ) -> None:
        report = a_report(contract, tmp_path, replace(a_finding(), got='{"url": "http://x/?X-Amz-Signature=abc"}'))
        write_files(report, Redactor().redact)

        got = json.loads((tmp_path / SUMMARY_FILE).read_text("utf-8"))["findings"][0]["got"]
        assert got == '{"url": "http://x/?X-Amz-Signature=<signature>"}'


class GivenExchanges:
    def test_then_the_har_says_what_was_sent_and_answered(self) -> None:
        log = as_object(har_of([EXCHANGE])["log"])
        (entry,) = map(as_object, as_list(log["entries"]))

        assert entry["startedDateTime"] == "2026-09-21T14:13:20.500000+00:00"
        assert as_object(entry["request"])["queryString"] == [
            {"name": "page", "value": "1"},
            {"name": "page", "value": ""},
            {"name": "q", "value": "a b"},
        ]
        assert as_object(as_object(entry["response"])["content"])["text"] == '{"items":[]}'

    @pytest.mark.parametrize(("body", "has_text"), [(b"plain", True), ("\u00e9".encode(), True), (b"%PDF-\xff", False)])
    def test_then_only_texts_are_kept(self, body: bytes, has_text: bool) -> None:
        exchange = Exchange("GET", "http://x/", "/", {}, b"", 200, {}, body, 0.0)
        (entry,) = map(as_object, as_list(as_object(har_of([exchange])["log"])["entries"]))

        assert ("text" in as_object(as_object(entry["response"])["content"])) is has_text

    def test_then_timings_are_reported_by_operation(self) -> None:
        (timing,) = timings([EXCHANGE, EXCHANGE])

        assert (timing.operation_id, timing.count, timing.longest_seconds) == ("orders:list", 2, 0.25)


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False), (None, False)])
def test_a_workflow_is_recognised_by_its_environment(value: str | None, expected: bool) -> None:
    assert is_workflow({} if value is None else {"GITHUB_ACTIONS": value}) is expected


class GivenAFindingWithAToken:
    def test_then_the_page_shows_the_placeholder_in_its_place(self, contract: Contract, tmp_path: Path) -> None:
        redactor = Redactor()
        redactor.learn("secret-token-1", "<customer token>")
        curl = "curl -H 'Authorization: Bearer secret-token-1' http://127.0.0.1:1/"
        write_files(a_report(contract, tmp_path, replace(a_finding(), reproduce=curl)), redactor.redact)
        page = (tmp_path / PAGE_FILE).read_text("utf-8")
        assert "secret-token-1" not in page
        assert "Bearer &lt;customer token&gt;&#x27; http://127.0.0.1:1/" in page
