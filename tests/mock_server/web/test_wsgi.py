"""The API answers as Flask would send the same answer, and a mistake of the mock itself is logged and answered 500."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from mock_server.assembly import Settings, assemble
from mock_server.web import pipeline
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from mock_server.web.wsgi import send

_names = st.sampled_from(["Content-Type", "Allow", "X-Request-Id", "Access-Control-Allow-Origin"])
_values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
_locations = st.text(st.characters(min_codepoint=33, max_codepoint=0x17F), max_size=20).map(
    lambda rest: f"http://127.0.0.1:8000/v1/orders/?{rest}"
)
_answers = st.builds(
    lambda status, body, headers, location: Answer(
        status, body, (*headers, ("Location", location)) if 300 <= status < 400 else tuple(headers)
    ),
    st.sampled_from([200, 201, 202, 204, 307, 400, 401, 403, 404, 405, 413, 422, 429]),
    st.binary(max_size=30),
    st.lists(st.tuples(_names, _values), max_size=3),
    _locations,
)


@given(_answers, st.sampled_from(["GET", "HEAD", "POST", "BREW"]))
def test_when_an_answer_is_sent_then_status_headers_and_body_are_those_that_flask_sends(
    answer: Answer, method: str
) -> None:
    environ = EnvironBuilder(method=method).get_environ()

    body, status, headers = run_wsgi_app(lambda environ, start: send(answer, environ["REQUEST_METHOD"], start), environ)
    expected_body, expected_status, expected_headers = run_wsgi_app(flask_response(answer), environ)

    assert (int(status[:3]), [*headers]) == (int(expected_status[:3]), [*expected_headers])
    assert b"".join(body) == b"".join(expected_body)


def test_when_the_mock_itself_fails_then_the_answer_is_500_and_the_error_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> bool:
        raise RuntimeError("a mistake of the mock")

    monkeypatch.setattr(pipeline, "is_preflight", fail)

    with caplog.at_level(logging.ERROR):
        response = Client(assemble(Settings()).app).get("/v1/orders/")

    assert response.status_code == 500
    assert b"a mistake" not in response.data
    assert "a mistake of the mock" in caplog.text
