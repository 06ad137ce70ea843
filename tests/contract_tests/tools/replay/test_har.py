"""HAR documents: the good mock's answers have no findings, and a defect planted into the document is found."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract_tests.checks.rules import Rule
from contract_tests.cli import main
from contract_tests.tools.replay.attachments import Attachments, Folder
from contract_tests.tools.replay.checking import OfflineVerdict, check_files
from contract_tests.tools.replay.har import HarReader
from contract_tests.tools.replay.sources import Source, Unreadable
from polar_contract import Contract, JsonValue, load_contract
from polar_contract.operations import Operations

_PORTAL = "customer_portal:orders:"


LIST, FIRST, UNPAID, PATCH, REFUSED, ACCEPTED, LINK, LAST, WRONG_KIND, NOBODY = range(10)


def checked(folder: Path, document: dict[str, Any]) -> OfflineVerdict:
    file = folder / "exchanges.har"
    file.write_text(json.dumps(document))
    return check_files([file], load_contract("0.1.0"))


def answered(document: dict[str, Any], number: int, change: Callable[[Any], Any], status: int | None = None) -> Any:
    """The document with one answer's body changed, and its status when one is given."""
    copied = copy.deepcopy(document)
    answer = copied["log"]["entries"][number]["response"]
    body = json.loads(answer["content"]["text"])
    answer["content"]["text"] = json.dumps(change(body))
    answer["status"] = answer["status"] if status is None else status
    return copied


class GivenRecordedAnswersOfTheGoodMock:
    def test_when_checked_then_nothing_is_found(self, recorded: dict[str, Any], tmp_path: Path) -> None:
        verdict = checked(tmp_path, recorded)

        assert [str(one) for one in verdict.findings] == []
        assert verdict.checked == len(recorded["log"]["entries"])

    @pytest.mark.parametrize(
        ("number", "change"),
        [
            pytest.param(LIST, lambda b: {**b, "items": b["items"][::-1]}, id="order-reversed"),
            pytest.param(LIST, lambda b: {**b, "items": b["items"][:1]}, id="cut-short"),
            pytest.param(LIST, lambda b: {**b, "items": [b["items"][0]] * 2}, id="first-twice"),
            pytest.param(LIST, lambda b: {**b, "pagination": {**b["pagination"], "max_page": 1}}, id="too-few-pages"),
            pytest.param(FIRST, lambda b: {**b, "id": "11111111-1111-4111-8111-111111111111"}, id="another-order"),
            pytest.param(PATCH, lambda b: {**b, "billing_name": "Somebody"}, id="another-name"),
            pytest.param(
                PATCH,
                lambda b: {**b, "billing_address": {**b["billing_address"], "city": " Albany "}},
                id="city-with-blanks",
            ),
            pytest.param(
                PATCH,
                lambda b: {**b, "billing_address": {**b["billing_address"], "line1": "9 Fixed Street"}},
                id="another-line1",
            ),
            pytest.param(PATCH, lambda b: {**b, "subtotal_amount": b["subtotal_amount"] + 1}, id="another-subtotal"),
            pytest.param(LAST, lambda b: {**b, "billing_name": "Ada Example"}, id="name-from-before"),
            pytest.param(LAST, lambda b: {**b, "is_invoice_generated": False}, id="no-invoice"),
            pytest.param(LAST, lambda b: {**b, "status": "pending", "paid": False}, id="unpaid-again"),
            pytest.param(LAST, lambda b: {**b, "invoice_number": "SCENARIO-0000000000-9999"}, id="another-number"),
            pytest.param(
                LAST, lambda b: {**b, "customer_id": "11111111-1111-4111-8111-111111111111"}, id="another-customer"
            ),
            pytest.param(REFUSED, lambda b: {**b, "error": "MissingInvoiceBillingDetails"}, id="another-error"),
            pytest.param(WRONG_KIND, lambda b: {**b, "detail": "Nothing"}, id="another-detail"),
        ],
    )
    def test_when_an_answer_is_changed_then_it_is_found(
        self, recorded: dict[str, Any], tmp_path: Path, number: int, change: Callable[[Any], Any]
    ) -> None:
        verdict = checked(tmp_path, answered(recorded, number, change))

        assert f"exchanges.har: entry {number + 1}" in {one.place for one in verdict.findings}

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"created_at": "2026-04-15T05:53:56.123456"}, Rule.SHAPE),
            ({"created_at": "2026-04-15T05:53:56.123Z"}, Rule.TIME_UTC),
            ({"created_at": "2026-04-15T05:53:56.123456+00:00"}, Rule.TIME_UTC),
            ({"created_at": "2026-04-15 05:53:56Z"}, Rule.SHAPE),
            ({"net_amount": 1}, Rule.AMOUNTS),
            ({"total_amount": 1}, Rule.AMOUNTS),
            ({"due_amount": 1}, Rule.AMOUNTS),
            ({"paid": False}, Rule.ORDER_PAID),
            ({"product_id": "11111111-1111-4111-8111-111111111111"}, Rule.NESTED),
            ({"items": []}, Rule.NESTED),
            ({"description": "Another thing"}, Rule.NESTED),
        ],
        ids=str,
    )
    def test_when_a_value_contradicts_another_then_the_rule_names_it(
        self, recorded: dict[str, Any], tmp_path: Path, change: dict[str, Any], rule: Rule
    ) -> None:
        verdict = checked(tmp_path, answered(recorded, FIRST, lambda body: {**body, **change}))

        assert rule in {
            one.finding.rule for one in verdict.findings if one.place == f"exchanges.har: entry {FIRST + 1}"
        }

    @pytest.mark.parametrize(
        ("number", "status", "body"),
        [
            (
                ACCEPTED,
                422,
                {"error": "NotPaidOrder", "detail": "Order x is not paid, so an invoice cannot be generated."},
            ),
            (LAST, 404, {"error": "ResourceNotFound", "detail": "Not found"}),
            (LINK, 404, {"error": "ResourceNotFound", "detail": "Not found"}),
            (NOBODY, 404, {"error": "ResourceNotFound", "detail": "Not found"}),
            (UNPAID, 422, {"error": "RequestValidationError", "detail": []}),
        ],
    )
    def test_when_another_answer_is_given_then_it_is_found(
        self, recorded: dict[str, Any], tmp_path: Path, number: int, status: int, body: Any
    ) -> None:
        assert checked(tmp_path, answered(recorded, number, lambda _: body, status)).findings


def _read(entry: JsonValue, contract: Contract) -> Source:
    reader = HarReader(Operations(contract.published, contract.effective), Attachments(Folder(Path())))
    return reader.read(Path("x"), {"log": {"entries": [entry]}})


class GivenOddEntries:
    @pytest.mark.parametrize(
        ("response", "count"),
        [
            ({"status": 0}, 0),
            ({}, 0),
            ({"status": 200, "content": {"size": 9}}, 0),
            ({"status": 204, "content": {"size": 0}}, 1),
            ({"status": 200, "content": {"size": 2, "text": "e30=", "encoding": "base64"}}, 1),
            ({"status": 200, "content": {"size": 2, "text": "?", "encoding": "base64"}}, 0),
        ],
    )
    def test_when_an_answer_is_not_there_then_the_entry_is_left_out(
        self, contract: Contract, response: JsonValue, count: int
    ) -> None:
        entry: JsonValue = {
            "request": {"method": "GET", "url": "http://x/v1/orders/", "headers": []},
            "response": response,
        }
        assert len(_read(entry, contract).events) == count

    @pytest.mark.parametrize(
        ("url", "text"),
        [("http://[x/v1/orders/", "{}"), ("http://x/v1/orders/", "\ud800")],
        ids=["URL", "half a character"],
    )
    def test_when_one_can_not_be_read_then_the_message_names_it(self, contract: Contract, url: str, text: str) -> None:
        entry: JsonValue = {
            "request": {"method": "GET", "url": url, "headers": []},
            "response": {"status": 200, "content": {"text": text}},
        }
        with pytest.raises(Unreadable, match="entry 1 can't be read"):
            _read(entry, contract)

    @pytest.mark.parametrize("depth", [900, 100_000])
    def test_when_an_answer_is_nested_without_end_then_it_is_a_finding(
        self, tmp_path: Path, contract: Contract, depth: int
    ) -> None:
        headers: JsonValue = [{"name": "content-type", "value": "application/json"}]
        entry: JsonValue = {
            "request": {"method": "GET", "url": "http://x/v1/orders/", "headers": []},
            "response": {"status": 200, "headers": headers, "content": {"text": "[" * depth + "]" * depth}},
        }
        (tmp_path / "deep.har").write_text(json.dumps({"log": {"entries": [entry]}}), "utf-8")
        assert check_files([tmp_path / "deep.har"], contract).findings


class GivenAFolderOfReports:
    def test_when_it_is_checked_then_its_summary_is_not_read_as_a_recording(
        self, tmp_path: Path, recorded: dict[str, Any]
    ) -> None:
        (tmp_path / "exchanges.har").write_text(json.dumps(recorded), "utf-8")
        (tmp_path / "summary.json").write_text("{}", "utf-8")
        replayed = CliRunner().invoke(main, ["replay", str(tmp_path)])
        assert replayed.exit_code == 0, replayed.output
        assert "1 file" in replayed.output
