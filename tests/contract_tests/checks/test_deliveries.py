"""One delivery by itself: the service's passes, and each kind of wrong header, signature or body breaks its rule."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from contract_tests.checks.deliveries import delivery_problems, signature_of, version_problems
from contract_tests.checks.rules import Rule
from contract_tests.transport.deliveries import Delivery
from tests.contract_tests.checks.answers import ID, rules_of

SECRET, RECEIVED_AT = "polar_whs_0123456789", 1_790_000_000.5
BODY = b'{"type":"order.updated","timestamp":"2026-04-15T05:53:56.123456Z","data":{"name":"\xc3\xa9"}}'


def delivery(body: bytes = BODY, *, secret: str = SECRET, **headers: str | None) -> Delivery:
    """A delivery with a valid signature; then headers are changed, or left out where None is given."""
    sent = {
        **{"user-agent": "polar.sh webhooks", "content-type": "application/json"},
        **{"webhook-id": ID, "webhook-timestamp": "1790000000"},
    }
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    unsigned = Delivery("POST", "/hook", _given({**sent, **changed}), body, RECEIVED_AT, 200)
    signed = {**unsigned.headers, "webhook-signature": signature_of(unsigned, secret), **changed}
    return replace(unsigned, headers=_given(signed))


def _given(headers: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value is not None}


@pytest.mark.parametrize(
    ("made", "is_raw"),
    [
        (delivery(), True),
        (delivery(webhook_timestamp="1790000060"), True),
        (delivery(webhook_timestamp="1789999941"), True),
        (delivery(b'{"content": "New Order"}'), False),
        (replace(delivery(), headers={**delivery().headers, "webhook-signature": f"v1,other {signature_of(delivery(), SECRET)}"}), True),
    ],
    ids=["the service's", "a little ahead", "a little behind", "a message for a channel", "two signatures"],
)  # fmt: skip
def test_when_it_is_right_then_no_rule_is_broken(made: Delivery, is_raw: bool) -> None:
    assert list(delivery_problems(made, SECRET, is_raw=is_raw)) == []


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (delivery(user_agent="python"), Rule.HEADED),
        (delivery(content_type="text/plain"), Rule.HEADED),
        (delivery(content_type=None), Rule.HEADED),
        (delivery(webhook_id="1"), Rule.HEADED),
        (delivery(webhook_id=None), Rule.HEADED),
        (delivery(secret="another"), Rule.SIGNED),
        (delivery(webhook_signature=None), Rule.SIGNED),
        (delivery(webhook_signature="v1,"), Rule.SIGNED),
        (delivery(webhook_timestamp="1790000061"), Rule.SIGNED),
        (delivery(webhook_timestamp="1789999940"), Rule.SIGNED),
        (delivery(webhook_timestamp="now"), Rule.SIGNED),
        (replace(delivery(), body=BODY.replace(b"order", b"0rder")), Rule.SIGNED),
        (delivery(b"null"), Rule.FORMED),
        (delivery(b"{"), Rule.FORMED),
        (delivery(b'{"type":"x","timestamp":"2026-04-15T05:53:56Z"}'), Rule.FORMED),
        (delivery(BODY.replace(b"Z", b"+00:00")), Rule.FORMED),
        (delivery(json.dumps(json.loads(BODY), ensure_ascii=False).encode()), Rule.FORMED),
        (delivery(BODY.replace(b"\xc3\xa9", b"\\u00e9")), Rule.FORMED),
    ],
    ids=[
        *("another user agent", "another type", "no type", "an id that is no UUID", "no id"),
        *("another secret", "no signature", "an empty signature", "far ahead", "far behind", "no number", "changed on the way"),
        *("null", "no JSON", "no data", "another time zone", "spaces", "escapes"),
    ],
)  # fmt: skip
def test_when_it_is_wrong_then_its_rule_is_broken(made: Delivery, rule: Rule) -> None:
    assert rules_of(delivery_problems(made, SECRET, is_raw=True)) == {rule}


class GivenASecretOfTheStandardForm:
    SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()

    def test_when_it_signs_as_a_stock_library_does_then_that_is_right_and_the_former_way_wrong(self) -> None:
        made = delivery(secret=self.SECRET)
        sent_at = datetime.fromtimestamp(int(made.headers["webhook-timestamp"]), UTC)
        stock = Webhook(self.SECRET).sign(made.event_id, sent_at, made.body.decode())
        signed = replace(made, headers={**made.headers, "webhook-signature": stock})

        assert list(delivery_problems(signed, self.SECRET, is_raw=True, is_standard=True)) == []
        assert rules_of(delivery_problems(made, self.SECRET, is_raw=True, is_standard=True)) == {Rule.SIGNED}
        assert rules_of(delivery_problems(signed, self.SECRET, is_raw=True)) == {Rule.SIGNED}

    def test_when_it_is_no_base64_then_nothing_is_signed_with_it(self) -> None:
        assert rules_of(delivery_problems(delivery(), "whsec_??", is_raw=True, is_standard=True)) == {Rule.SIGNED}


HEADER, VERSION = "webhook-api-version", "2026-10"
VERSIONED = BODY.replace(b'"data"', b'"api_version":"2026-10","data"')


@pytest.mark.parametrize(
    ("made", "is_raw", "is_right"),
    [
        pytest.param(delivery(VERSIONED, webhook_api_version=VERSION), True, True, id="both"),
        pytest.param(delivery(b'{"content": "New Order"}', webhook_api_version=VERSION), False, True, id="a channel"),
        pytest.param(delivery(VERSIONED), True, False, id="no header"),
        pytest.param(delivery(webhook_api_version=VERSION), True, False, id="nothing in the payload"),
        pytest.param(delivery(VERSIONED, webhook_api_version="2026-04"), True, False, id="another header"),
        pytest.param(
            delivery(VERSIONED.replace(b"2026-10", b"2026-04"), webhook_api_version=VERSION), True, False, id="another"
        ),
    ],
)
def test_when_events_have_versions_then_header_and_payload_name_it(
    made: Delivery, is_raw: bool, is_right: bool
) -> None:
    found = rules_of(version_problems(made, HEADER, VERSION, is_raw=is_raw))

    assert found == (set() if is_right else {Rule.EVENT_VERSION})
