"""A client that hangs up ends the work of its call: making a world, writing one as a document."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from mock_server.documents.writing import write_world_document
from mock_server.domain.cancellation import Cancellation, Cancelled
from mock_server.web.rsgi import HANGING_UP
from tests.mock_server.documents.worlds import a_world, seeded
from tests.mock_server.serving.serving_here import serving_here
from tests.mock_server.serving.wire import TIMEOUT_SECONDS, connected, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_WORLD = {
    "customers": {"main": {"email": "jane@example.com", "name": "Jane", "billing_address": {"country": "FR"}}},
    "orders": {"paid": {"customer": "main"}},
}


class Working:
    """An application whose calls under `/_mock/worlds/long` work until their client hangs up."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.ended = threading.Event()
        self.was_cancelled: list[bool] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/_mock/worlds/long":
            self.began.set()
            with environ[HANGING_UP].ending(self.ended.set):
                self.ended.wait(TIMEOUT_SECONDS)
        elif HANGING_UP in environ:
            self.was_cancelled.append(environ[HANGING_UP].is_cancelled)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


def test_when_a_client_hangs_up_then_its_call_is_told_and_others_are_not() -> None:
    app = Working()
    with serving_here(app) as port, connected(port) as other:
        with connected(port) as client:
            client.send(request("GET", "/_mock/worlds/long"))
            assert app.began.wait(TIMEOUT_SECONDS)
            for _ in range(2):
                other.send(request("GET", "/_mock/worlds"))
                assert other.answer().status == 200
            assert not app.ended.is_set()

        assert app.ended.wait(TIMEOUT_SECONDS)
        other.send(request("GET", "/_mock/worlds"))
        assert other.answer().status == 200

    assert app.was_cancelled == [False] * 3


def test_when_the_client_has_hung_up_then_no_order_is_made_or_written() -> None:
    hung_up = Cancellation()
    hung_up.cancel()

    with pytest.raises(Cancelled):
        seeded(_WORLD, cancellation=hung_up)
    with pytest.raises(Cancelled):
        write_world_document(a_world(_WORLD), hung_up)
