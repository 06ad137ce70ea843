"""The redactor removes secrets that are whole, cut or spelled differently."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.reporting.redaction import Redactor

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

    def test_when_only_the_recognisable_beginning_is_left_then_it_is_removed(self, crowded: Redactor) -> None:
        assert "polar_cst_Zz" not in crowded.redact("polar_cst_Zz...")

    def test_when_more_follows_a_token_then_it_stays(self, crowded: Redactor) -> None:
        assert crowded.redact(f"x{_alike(5)}_and_more") == "x<token 5>_and_more"


def _between(sign: str) -> Callable[[str], str]:
    return lambda token: token.replace("_", sign)


def _each(form: str) -> Callable[[str], str]:
    return lambda token: "".join(form.format(ord(letter)) for letter in token)


_ALTERATIONS: dict[str, Callable[[str], str]] = {
    "JSON escapes": _between("\\u005f"),
    "JSON escapes throughout": _each("\\u{:04X}"),
    "JSON within JSON": lambda token: json.dumps(json.dumps(token.replace("_", "\\u005f"))),
    "bytes escaped": _each("\\x{:02x}"),
    "octal": _each("\\{:03o}"),
    "braces": _between("\\u{5f}"),
    "entities": _between("&#95;"),
    "entities in hexadecimal": _each("&#x{:x};"),
    "entities without an end": _each("&#{:d}"),
    "a named entity": _between("&lowbar;"),
    "entities within entities": _between("&amp;#95;"),
    "percent": _between("%5F"),
    "percent throughout": _each("%{:02x}"),
    "percent twice": _between("%255f"),
    "a hyphen": _between("-"),
    "a dash": _between("\u2014"),
    "a minus": _between("\u2212"),
    "nothing between": _between(""),
    "no prefix": lambda token: token.rpartition("_")[2],
    "another prefix": lambda token: "sk_live_" + token.rpartition("_")[2],
    "capitals": str.upper,
    "small letters": str.lower,
    "small letters without prefix": lambda token: token.rpartition("_")[2].lower(),
    "blanks": " ".join,
    "lines": "\n".join,
    "no width": "\u200b".join,
    "a list": lambda token: json.dumps(list(token)),
    "wide letters": lambda token: "".join(chr(ord(letter) + 0xFEE0) for letter in token),
    "backwards": lambda token: token[::-1],
    "hexadecimal": lambda token: token.encode().hex(),
    "base64": lambda token: b64encode(token.encode()).decode(),
    "base64 of credentials": lambda token: b64encode(f"user:{token}".encode()).decode(),
    "the beginning without prefix": lambda token: token.rpartition("_")[2][:18],
    "the end": lambda token: token[-18:],
}


class GivenATokenThatWasAltered:
    @pytest.mark.parametrize("name", _ALTERATIONS)
    @settings(max_examples=50)
    @given(st.from_regex(r"polar_(cst|mst|oat|pat)_[A-Za-z0-9]{43}", fullmatch=True), st.text(max_size=20))
    def test_when_a_text_holds_it_then_hardly_any_of_it_is_left(self, name: str, token: str, around: str) -> None:
        redactor = Redactor()
        redactor.learn("polar_cst_" + "Zz9" * 14 + "Z", "<another token>")
        redactor.learn(token, "<customer token>")
        altered = _ALTERATIONS[name](token)
        redacted = redactor.redact(f"{around}«{altered}»{around}")
        assert redacted.count("token>") >= 1
        assert len(_between_marks(redacted)) <= 60
        assert altered[-18:-4] not in redacted

    def test_when_one_seems_to_go_on_in_the_next_then_both_are_taken_out(self) -> None:
        redactor, rest = Redactor(), "8BsN9C5Ca0VC4Nt674xi5ZhBO60F97BNlVZRx1fyS"
        redactor.learn(f"polar_oat_{rest}SS", "<token>")
        redacted = redactor.redact(f"{rest.upper()} {rest[::-1]} {rest[:16]}")
        assert redacted.replace(" ", "") == "<token>" * 3

    def test_when_it_is_learned_after_another_text_then_it_is_taken_out_too(self) -> None:
        redactor, first, second = Redactor(), "polar_cst_" + "q7Zr" * 10 + "Zz9", "polar_oat_" + "aB3x" * 10 + "Yy1"
        redactor.learn(first, "<first token>")
        assert redactor.redact(first.upper()) == "<first token>"
        redactor.learn(second, "<second token>")
        assert redactor.redact(f"{second.upper()} {first.upper()}") == "<second token> <first token>"

    @pytest.mark.parametrize("sign", ["\\u005f", "&#95;", "%5F", "-", "\u2013"])
    def test_when_it_is_unknown_then_its_shape_identifies_it(self, sign: str) -> None:
        token = sign.join(["polar", "cst", "aB1" * 12])
        assert Redactor().redact(f'{{"token": "{token}"}}') == '{"token": "<token>"}'

    @given(_TEXTS)
    def test_when_there_is_none_then_the_text_stays(self, text: str) -> None:
        redactor = Redactor()
        redactor.learn("polar_cst_" + "q7Zr" * 10 + "Zz9", "<customer token>")
        assert redactor.redact(text) == text


def _between_marks(text: str) -> str:
    return text.partition("«")[2].partition("»")[0]


class GivenAnUnknownToken:
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


_STANDARD_SECRETS = st.binary(min_size=32, max_size=32).map(lambda key: "whsec_" + b64encode(key).decode())


class GivenASecretOfStandardWebhooks:
    """Base64 after the prefix, so with `+`, `/` and `=`; whole, known or not, and in the spellings of URLs and JSON."""

    @pytest.mark.parametrize("is_known", [True, False])
    @given(
        secret=_STANDARD_SECRETS, around=st.sampled_from(['"{}"', "'{}'", "?secret={}&page=1", "{}", "<{}>", "({}),"])
    )
    def test_when_a_text_holds_it_then_nothing_of_it_is_left(self, is_known: bool, secret: str, around: str) -> None:
        redactor = Redactor()
        if is_known:
            redactor.learn(secret, "<webhook secret>")
        for spelled in (secret, quote(secret, safe=""), secret.replace("/", "\\/"), secret[:-1], secret.upper()):
            redacted = redactor.redact(around.format(spelled))

            assert re.sub(r"(<(token|webhook secret)>)+=?", "", redacted) == around.format(""), redacted
