"""The proxy in front of the mock: the ways in which it can change or cut an answer, and what happens when a layer fails."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, HangUp, Request, proxy

_HEALTH = "/_mock/health"


def asked(base_url: str) -> tuple[int, str | None, bytes]:
    """Status, announced length and body. Errors: those of http.client."""
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    try:
        connection.request("GET", _HEALTH)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Length"], answer.read()
    finally:
        connection.close()


def plain(request: Request, forward: Forward) -> Answer:
    return forward(request)


def cut(request: Request, forward: Forward) -> Answer:
    return forward(request).but(cut_bytes=5)


def hanging_up(request: Request, forward: Forward) -> Answer:
    raise HangUp


class GivenALayer:
    def test_when_it_changes_nothing_then_the_mocks_answer_comes(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, plain) as between:
            assert asked(between.base_url) == asked(good_mock.base_url)
        assert [one.path for one in between.seen] == [_HEALTH]

    def test_when_it_cuts_a_body_then_the_whole_length_is_announced(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, cut) as between, pytest.raises(http.client.IncompleteRead) as broken:
            asked(between.base_url)
        assert broken.value.expected == 5

    def test_when_it_hangs_up_then_no_answer_comes(self, good_mock: RunningMock) -> None:
        with proxy(good_mock.base_url, hanging_up) as between, pytest.raises(http.client.RemoteDisconnected):
            asked(between.base_url)
        assert between.mistakes == []

    def test_when_it_fails_itself_then_the_good_answer_comes_and_the_mistake_is_kept(
        self, good_mock: RunningMock
    ) -> None:
        def failing(request: Request, forward: Forward) -> Answer:
            raise KeyError("customer")

        with proxy(good_mock.base_url, failing) as between:
            assert asked(between.base_url)[0] == 200
        assert between.mistakes == [f"KeyError: 'customer' at GET {_HEALTH}"]
