"""What stays of a text with secrets."""

from __future__ import annotations

import pytest

from mock_server.views.redaction import Redactor

OWN = ("my-own-token", 'a"b"c', "polar_cst_aNormalOne", "abc")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bearer polar_cst_Ipp6t2OXCWsMIZNhGHnpLx", "Bearer polar_cst_…"),
        ('{"secret":"polar_whs_0a1b2c3d"}', '{"secret":"polar_whs_…"}'),
        ('{"secret":"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD/A=="}', '{"secret":"whsec_…"}'),
        ("/acme/portal?customer_session_token=anything-else&x=1", "/acme/portal?customer_session_token=…&x=1"),
        ("customer_session_token=at-the-beginning", "customer_session_token=…"),
        ("/invoice?X-Amz-Date=1&X-Amz-Signature=0011aabb", "/invoice?X-Amz-Date=1&X-Amz-Signature=…"),
        ('{"value":"my-own-token"}', '{"value":"<redacted>"}'),
        ('{"value":"a\\"b\\"c"}', '{"value":"<redacted>"}'),
        ('{"token":"anything"}', '{"token":"…"}'),
        ('{"client_secret" : "any \\"thing\\"", "a": 1}', '{"client_secret" : "…", "a": 1}'),
        ("?return=http%3A%2F%2Fx%3Ftoken%3Dpolar_cst_SECRET", "?return=http%3A%2F%2Fx%3Ftoken%3Dpolar_cst_…"),
        ("Bearer%20polar_oat_SECRET", "Bearer%20polar_oat_…"),
        ("%22polar%5Foat%5FSECRET%22", "%22polar%5Foat%5F…"),
        ("a=1&accessToken=s3cret&API_TOKEN=s3cret", "a=1&accessToken=…&API_TOKEN=…"),
        ('{"detail":"abc polar_is fine, and so is my_polar_name"}',) * 2,
        ('{"email":"jane@example.com","total_amount":1000}',) * 2,
    ],
)
def test_when_a_text_has_secrets_then_their_beginnings_stay_and_everything_else(text: str, left: str) -> None:
    assert Redactor(OWN).clear(text) == left


def test_when_a_world_has_no_secrets_of_its_own_then_only_known_forms_go() -> None:
    assert Redactor().clear("my-own-token polar_oat_abcdef") == "my-own-token polar_oat_…"
