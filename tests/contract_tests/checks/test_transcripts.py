"""Transcripts of findings: the lines concerned are marked, bodies are shown unchanged, and no text becomes markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.checks.indenting import indented
from contract_tests.checks.transcripts import MARK, marked_transcript, shown_body
from contract_tests.reporting.files import HAR_FILE, JUNIT_FILE, PAGE_FILE, SUMMARY_FILE, write_files
from polar_contract import Contract
from tests.contract_tests.reporting.reports import EXCHANGE, a_finding, a_report

_ID = "0b020ec5-4626-4c62-bc50-8ab49f8f2d34"
_OTHER_ID = "39dcdbf0-fd0a-46eb-a5dd-c8410708f90f"
_BODY = {
    "items": [{"id": _OTHER_ID, "paid": True}, {"id": _ID, "paid": True, "amount": 1}],
    "pagination": {"max_page": 1, "total_count": 2},
}
_LONG = {"items": [{"number": number, "name": f"order {number}"} for number in range(400)]}
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def _marked(body: object, *said: str) -> list[str]:
    lines = shown_body(json.dumps(body).encode(), *said).splitlines()
    return [line.removeprefix(MARK).strip().rstrip(",") for line in lines if line.startswith(MARK)]


class GivenAJsonBody:
    @pytest.mark.parametrize(
        ("said", "marked"),
        [
            (("its documented shape", "200: /items/1/paid: true is no number"), ['"paid": true']),
            (("", "200: /items/1: 'status' is a required property"), ["{"]),
            (("", "200: /items/7/paid: is missing"), ['"items": [']),
            (("body.items[1].amount is 2", "200: body.items[1].amount is 1"), ['"amount": 1']),
            (("body.pagination.max_page is 4", ""), ['"max_page": 1']),
            (("max_page 4", "max_page 1"), ['"max_page": 1']),
            ((f"no order {_ID}", ""), [f'"id": "{_ID}"']),
            (("nothing of it", "what it says"), []),
        ],
        ids=["schema-place", "item", "absent-item", "shown-place", "place-expected", "name", "id", "nowhere"],
    )
    def test_when_a_finding_speaks_of_a_place_then_its_line_is_marked(
        self, said: tuple[str, str], marked: list[str]
    ) -> None:
        assert _marked(_BODY, *said) == marked

    def test_when_it_is_long_then_the_beginning_and_what_is_around_the_place_are_shown(self) -> None:
        shown = shown_body(json.dumps(_LONG).encode(), "200: /items/300/name: is wrong")
        lines = shown.splitlines()
        assert len(lines) < 60
        assert f'{MARK}      "name": "order 300"' in lines
        assert '"number": 0' in shown
        assert '"number": 299' in shown
        assert "lines" in lines[-1]

    def test_when_it_is_huge_then_it_is_cut_and_its_size_is_shown(self) -> None:
        body = json.dumps({"padding": "x" * 2_000_000}).encode()
        shown = shown_body(body, "padding is wrong", "padding")
        assert len(shown) < 5_000
        assert f"({len(body)} bytes)" in shown

    @pytest.mark.parametrize("depth", [50, 400, 100_000])
    def test_when_it_is_deep_then_it_is_shown_all_the_same(self, depth: int) -> None:
        shown = shown_body(b"[" * depth + b"]" * depth, "200: /0/0: is wrong")
        assert "[" in shown
        assert len(shown) < 60_000

    @given(_JSON)
    def test_when_it_is_indented_then_it_says_the_same(self, value: object) -> None:
        text = json.dumps(value)
        lines = indented(text)
        assert lines is not None
        assert json.loads("\n".join(line.text for line in lines)) == value

    @pytest.mark.parametrize(
        "text", ['{"a": 1.00, "a": 1e400}', '{"\\ud800": "\\u001b\\/"}', '{"n": 123456789012345678901234567890}', "[ ]"]
    )
    def test_when_it_is_odd_then_not_a_sign_of_it_is_changed(self, text: str) -> None:
        lines = indented(text)
        assert lines is not None
        assert re.sub(r"\s", "", "".join(line.text for line in lines)) == re.sub(r"\s", "", text)


class GivenOtherBodies:
    @pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": ', b"\xff\xfe{}", b"]", b"NaN]"], ids=repr)
    def test_when_a_body_is_no_json_then_it_is_shown_as_it_came_and_nothing_is_marked(self, body: bytes) -> None:
        shown = shown_body(body, "a is wrong", "200: /a: is wrong")
        assert shown.replace("  ", "", 1) == body.decode("utf-8", "backslashreplace")


class GivenAFinding:
    def test_when_another_status_was_due_then_the_status_is_marked(self) -> None:
        exchange = replace(EXCHANGE, status=404, body=json.dumps(_BODY).encode())
        shown = marked_transcript(exchange, expected="200", got=f'404 {{"items": "{_ID}"}}')
        assert [line for line in shown.splitlines() if line.startswith(MARK)] == [f"{MARK}404"]

    def test_when_a_place_in_the_body_is_meant_then_the_status_is_not_marked(self) -> None:
        exchange = replace(EXCHANGE, body=json.dumps(_BODY).encode())
        shown = marked_transcript(exchange, expected="200", got="200: /items/0/paid: is wrong")
        assert [line.split() for line in shown.splitlines() if line.startswith(MARK)] == [[">", '"paid":', "true"]]


_HOSTILE = {
    "script": b'{"billing_name": "</mark></pre><script>alert(1)</script><img src=x onerror=alert(1)>"}',
    "script-no-json": b"</mark></pre><script>alert(1)</script><img src=x onerror=alert(1)>",
    "name": b'{"<script>alert(1)</script>": {"billing_name": "&lt;script&gt;"}}',
    "escape": b'{"billing_name": "\x1b[2J\x9b31m"}',
    "escape-in-json": b'{"billing_name": "\\u001b[2J"}',
    "bidi": '{"billing_name": "\u202egnp.exe\u2066\u200b\ufeff\U000e0041"}'.encode(),
    "surrogate-in-json": b'{"billing_name": "\\ud800 and \\udfff"}',
    "surrogate-raw": b'{"billing_name": "\xed\xa0\x80"}',
    "separators": '{"billing_name": "a\u2028b\u2029c\x85d\x0ce"}'.encode(),
    "mark": b"> forged\n> <mark>forged</mark>",
}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.seen.add(tag)


class GivenATargetThatSendsHostileBodies:
    @pytest.mark.parametrize("where", ["answer", "request"])
    @pytest.mark.parametrize("name", _HOSTILE)
    def test_when_it_is_reported_then_nothing_of_it_is_markup_or_obeyed(
        self, contract: Contract, tmp_path: Path, name: str, where: str
    ) -> None:
        body = _HOSTILE[name]
        sent = {"body": body} if where == "answer" else {"request_body": body, "body": b"{}"}
        exchange = replace(EXCHANGE, **sent)  # type: ignore[arg-type]
        said = body.decode("utf-8", "backslashreplace")
        transcript = marked_transcript(exchange, expected="billing_name as it was", got=f"billing_name {said}")
        finding = replace(a_finding(), expected=said, got=said, exchange=transcript)
        write_files(replace(a_report(contract, tmp_path, finding), exchanges=[exchange]), str)
        written = {one: (tmp_path / one).read_text("utf-8") for one in (SUMMARY_FILE, PAGE_FILE, JUNIT_FILE, HAR_FILE)}
        assert {one: _unseen(text) for one, text in written.items() if _unseen(text)} == {}
        page = _Tags()
        page.feed(written[PAGE_FILE])
        assert {"script", "img", "link", "iframe"}.isdisjoint(page.seen)
        json.loads(written[HAR_FILE])
        json.loads(written[SUMMARY_FILE])

    def test_when_the_place_is_hostile_then_it_is_marked_all_the_same(self, contract: Contract, tmp_path: Path) -> None:
        exchange = replace(EXCHANGE, body=_HOSTILE["script"])
        finding = replace(a_finding(), exchange=marked_transcript(exchange, expected="billing_name Ada", got="another"))
        write_files(a_report(contract, tmp_path, finding), str)
        page = (tmp_path / PAGE_FILE).read_text("utf-8")
        assert page.count("<mark>") == 1
        assert re.search(r"<mark>&gt; +&quot;billing_name&quot;: &quot;&lt;/mark&gt;.*</mark>", page)


def _unseen(text: str) -> set[str]:
    return {character for character in text if not character.isprintable() and character not in "\n\t"}
