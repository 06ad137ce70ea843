"""The plugin's receiver of webhooks and its client: signatures, and a sentence for what can't be."""

from __future__ import annotations

import base64
import threading
from typing import Any

import pytest

from mock_server.delivery.signing import signed_headers, signing_key
from mock_server.domain.event_types import EVENT_TYPES
from pytest_polar.client import Client
from pytest_polar.signatures import Scheme, SignatureWrong, check
from pytest_polar.webhooks import EVENTS, Webhooks
from pytest_polar.world import Names
from tests.mock_server.factories import NOW

LEGACY, STANDARD = "polar_whs_secret", "whsec_" + base64.b64encode(b"k" * 32).decode()
BODY = b'{"type": "order.paid"}'
SENT_AT = NOW.timestamp()


def _headers(secret: str, *, is_standard: bool, body: bytes = BODY) -> dict[str, str]:
    """As the mock signs."""
    key = signing_key(secret, is_standard=is_standard)
    signed = signed_headers(key, event_id="e1", sent_at=NOW, body=body)
    return {name.lower(): value for name, value in signed.items()}


class GivenAWebhook:
    @pytest.mark.parametrize(
        ("secret", "is_standard", "scheme"),
        [(LEGACY, False, Scheme.LEGACY), (STANDARD, True, Scheme.STANDARD), (STANDARD, False, Scheme.LEGACY)],
    )
    def test_when_the_mock_signed_it_then_its_scheme_is_known(
        self, secret: str, is_standard: bool, scheme: Scheme
    ) -> None:
        assert check(secret, _headers(secret, is_standard=is_standard), BODY, now=SENT_AT) is scheme

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"webhook-id": "e2"}, "not made with the endpoint's secret"),
            ({"webhook-signature": "v1,AAAA v2,é"}, "not made with the endpoint's secret"),
            ({"webhook-signature": ""}, "it has no webhook-signature"),
            ({"webhook-timestamp": "yesterday"}, "'yesterday', which is no number of seconds"),
            ({"webhook-timestamp": "1"}, "more than five minutes from now"),
        ],
    )
    def test_when_it_was_changed_then_a_sentence_says_what_is_wrong(self, changes: dict[str, str], said: str) -> None:
        with pytest.raises(SignatureWrong, match=said):
            check(LEGACY, {**_headers(LEGACY, is_standard=False), **changes}, BODY, now=SENT_AT)

    def test_when_another_secret_signed_it_then_it_is_wrong(self) -> None:
        with pytest.raises(SignatureWrong):
            check(LEGACY, _headers("polar_whs_other", is_standard=False), BODY, now=SENT_AT)


def test_the_receiver_asks_for_every_type_of_event_that_the_mock_knows() -> None:
    assert EVENTS == EVENT_TYPES


class GivenAReceiver:
    RECEIVER = Webhooks("http://m", ids={"order:paid": "o", "order:unpaid": "u", "product:pro": "p"})

    @pytest.mark.parametrize("status", ["500", 5000, 199, True, 500.0, None])
    def test_when_an_answer_is_no_status_then_a_sentence_says_so(self, status: Any) -> None:
        with pytest.raises(ValueError, match=r"answer_with\(.+\): a status is a whole number from 200 to 599"):
            self.RECEIVER.answer_with(200, status)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"type": "order.piad"}, "there is no event 'order.piad'; did you mean order.paid"),
            ({"type": "zzz"}, "there is no event 'zzz'; possible are: checkout.created, "),
            ({"type": "order.paid", "order": "piad"}, "no order 'piad'; did you mean paid or unpaid?; an id is"),
            ({"type": "order.paid", "order": "zzz"}, "no order 'zzz'; possible are: paid, unpaid; an id is"),
        ],
    )
    def test_when_what_a_test_waits_for_does_not_exist_then_the_nearest_names_are_said_at_once(
        self, given: dict[str, Any], said: str
    ) -> None:
        with pytest.raises(ValueError, match=r"there is no event|the world has no order") as wrong:
            self.RECEIVER.wait_for(**given, timeout=threading.TIMEOUT_MAX)

        assert said in str(wrong.value)

    @pytest.mark.parametrize("order", [None, "paid", "ED12E160-a4cf-4c9b-9fdb-a2631871aa88"])
    def test_when_it_exists_then_it_is_waited_for(self, order: str | None) -> None:
        with pytest.raises(AssertionError, match=r"no order\.paid .*arrived within 0 seconds"):
            self.RECEIVER.wait_for("order.paid", order, timeout=0)


@pytest.mark.parametrize("path", ["v1/orders/", "", "http://127.0.0.1:1/v1/orders/"])
def test_when_a_client_gets_no_path_then_a_sentence_says_so(path: str) -> None:
    with pytest.raises(ValueError, match="is no path of the API: it has to begin with a slash"):
        Client("http://127.0.0.1:1", Names()).get(path)
