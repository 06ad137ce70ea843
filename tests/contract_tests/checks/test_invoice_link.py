"""The text of an invoice's link: a presigned URL passes, and anything else breaks the rule."""

from __future__ import annotations

import pytest

from contract_tests.checks.invoice_link import link_problems
from contract_tests.checks.rules import Rule
from tests.contract_tests.checks.answers import rules_of

_QUERY = "X-Amz-Date=20260415T000000Z&X-Amz-Expires=600&X-Amz-Signature=0"


@pytest.mark.parametrize("url", [f"https://f.test/a.pdf?{_QUERY}", f"http://127.0.0.1:8000/a.pdf?x=1&{_QUERY}"])
def test_when_it_is_presigned_then_no_rule_is_broken(url: str) -> None:
    assert list(link_problems(url, lifetime_seconds=600)) == []


@pytest.mark.parametrize(
    "url",
    [
        f"/a.pdf?{_QUERY}",
        f"ftp://f.test/a.pdf?{_QUERY}",
        f"https:///a.pdf?{_QUERY}",
        "https://f.test/a.pdf",
        *(f"https://f.test/a.pdf?{_QUERY.replace(name, 'X')}" for name in ("X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature")),
        f"https://f.test/a.pdf?{_QUERY.replace('=0', '=')}",
        f"https://f.test/a.pdf?{_QUERY.replace('600', '601')}",
        f"https://f.test/a.pdf?{_QUERY}&X-Amz-Expires=600",
        "None",
    ],
    ids=[
        *("relative", "another scheme", "no host", "no query", "no date", "no lifetime", "no signature"),
        *("an empty signature", "another lifetime", "two lifetimes", "no text"),
    ],
)  # fmt: skip
def test_when_it_is_not_then_the_rule_is_broken(url: str) -> None:
    assert rules_of(link_problems(url, lifetime_seconds=600)) == {Rule.LINK}
