"""Secrets never pass the redactor, whole, cut or in other spellings."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.redaction import Redactor

_TOKEN = "polar_cst_" + "Ab3" * 14 + "x"
_ODD = 's3cret/with+odd="characters"&more'
_TEXTS = st.text(st.characters(codec="ascii", exclude_characters="_"))


class GivenAKnownToken:
    @pytest.mark.parametrize(
        "text",
        [
            f"Authorization: Bearer {_TOKEN}",
            f"curl -H 'Authorization: Bearer {_TOKEN}' http://x",
            json.dumps({"Authorization": f"Bearer {_TOKEN}"}),
            repr(f"Bearer {_TOKEN}"),
            f"cut short: {_TOKEN[:30]}...",
        ],
    )
    def test_when_a_text_holds_it_then_the_placeholder_stands_there(self, text: str) -> None:
        redactor = Redactor()
        redactor.learn(_TOKEN, "<customer token>")
        redacted = redactor.redact(text)
        assert _TOKEN[:16] not in redacted
        assert "<customer token>" in redacted

    @given(_TEXTS, _TEXTS)
    def test_when_it_stands_between_other_texts_then_these_stay(self, before: str, after: str) -> None:
        redactor = Redactor()
        redactor.learn(_ODD, "<odd token>")
        redacted = redactor.redact(f"{before} {_ODD} {after}")
        assert _ODD not in redacted
        assert "<odd token>" in redacted


@pytest.fixture
def crowded() -> Redactor:
    redactor = Redactor()
    for number in range(400):
        redactor.learn(_alike(number), f"<token {number}>")
    return redactor


def _alike(number: int) -> str:
    return f"polar_cst_Zz{number:04}" + "k9" * 18 + "Q"


class GivenHundredsOfTokensThatBeginAlike:
    @pytest.mark.parametrize("cut_at", [53, 20, 18])
    def test_when_a_text_holds_one_whole_or_cut_then_its_own_placeholder_stands_there(
        self, crowded: Redactor, cut_at: int
    ) -> None:
        for number in (0, 7, 399):
            assert crowded.redact(f'"{_alike(number)[:cut_at]}"') == f'"<token {number}>"'

    def test_when_only_the_telling_beginning_is_left_then_it_is_taken_out_all_the_same(self, crowded: Redactor) -> None:
        assert "polar_cst_Zz" not in crowded.redact("polar_cst_Zz...")

    def test_when_more_follows_a_token_then_it_stays(self, crowded: Redactor) -> None:
        assert crowded.redact(f"x{_alike(5)}_and_more") == "x<token 5>_and_more"


class GivenATokenThatNobodyTold:
    @pytest.mark.parametrize(
        "prefix", ["polar_cst_", "polar_mst_", "polar_oat_", "polar_pat_", "polar_at_u_", "polar_whs_", "whsec_"]
    )
    def test_when_a_text_holds_its_shape_then_it_is_taken_out(self, prefix: str) -> None:
        assert prefix not in Redactor().redact(f'{{"token": "{prefix}{"aB1" * 12}"}}')

    def test_when_a_url_is_signed_then_the_signature_is_taken_out(self) -> None:
        url = "http://127.0.0.1/x.pdf?X-Amz-Expires=600&X-Amz-Signature=abcdef0123&signature=999888"
        redacted = Redactor().redact(url)
        assert "abcdef0123" not in redacted
        assert "999888" not in redacted
        assert "X-Amz-Expires=600" in redacted

    def test_when_a_bearer_is_of_no_known_shape_then_it_is_taken_out(self) -> None:
        assert "hunter2hunter2" not in Redactor().redact("-H 'Authorization: Bearer hunter2hunter2'")

    def test_when_a_text_has_no_secret_then_it_stays(self) -> None:
        text = 'GET /v1/customer-portal/orders/ 401 invalid_token Bearer realm="polar" customer_portal:read'
        assert Redactor().redact(text) == text
