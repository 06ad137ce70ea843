"""The mock under hostile requests, and the fuzzer against a mock with a defect. `make fuzz` sends the full number."""

from __future__ import annotations

from random import Random

import pytest

from bench.fuzz import Report, fuzz, make_request
from bench.hostile.valid import World, read_operations
from bench.hostile.wire import NoStatus, Outcome, read_statuses
from polar_contract import load_contract

_WORLD = World.of(
    "default", {"order:paid": "o", "customer:main": "c", "endpoint:app": "e"}, {"customer": "t", "organization": "u"}
)


class GivenTheMock:
    def test_when_hostile_requests_come_then_they_get_far_none_is_answered_5xx_and_the_mock_survives(self) -> None:
        report = fuzz(requests=1_000, seed=1)
        assert report.requests == 1_000
        assert [(failure.outcome.statuses, failure.wire[:500]) for failure in report.failures] == []
        assert report.traceback is None
        assert {"200", "202", "400", "401", "404", "405", "422"} <= set(report.counts), "past the first checks"


class GivenAMockWithADefect:
    def test_when_a_hostile_request_meets_it_then_the_request_is_reported(self) -> None:
        report = fuzz(requests=600, seed=1, module=("tests.bench.broken_mock",))
        assert report.failures
        assert all(b"*/*;q=x" in failure.wire for failure in report.failures)
        assert report.traceback is not None
        assert "planted" in report.traceback
        assert not report.is_clean


class GivenARequestWithoutAnAnswer:
    @pytest.mark.parametrize(
        ("ending", "may_wait", "is_clean"),
        [
            (NoStatus.NO_RESPONSE, True, True),
            (NoStatus.CLOSED, True, True),
            (NoStatus.NO_RESPONSE, False, False),
            (NoStatus.CLOSED, False, False),
            (NoStatus.RESET, False, True),
        ],
    )
    def test_when_it_was_whole_then_it_is_a_failure(self, ending: NoStatus, may_wait: bool, is_clean: bool) -> None:
        report = Report()
        report.add(b"GET / HTTP/1.1\r\n\r\n", Outcome((), ending, b""), may_wait=may_wait)
        assert report.is_clean is is_clean
        assert report.counts == {str(ending): 1}


class GivenASeed:
    def test_when_requests_are_made_twice_then_they_are_the_same_bytes(self) -> None:
        operations = read_operations(load_contract().resolved)
        first, second = (
            [make_request(operations, (_WORLD, _WORLD), Random(f"{seed}:{n}")) for n in range(200)] for seed in (7, 7)
        )
        assert first == second

    def test_when_another_seed_is_taken_then_the_requests_differ(self) -> None:
        operations = read_operations(load_contract().resolved)
        assert make_request(operations, (_WORLD, _WORLD), Random("1:1")) != make_request(
            operations, (_WORLD, _WORLD), Random("2:1")
        )


class GivenBytesOfAnswers:
    @pytest.mark.parametrize(
        ("received", "has_bodies", "statuses"),
        [
            (b"", True, ()),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", True, (200,)),
            (b"HTTP/1.1 202 A\r\ncontent-length: 4\r\n\r\nnullHTTP/1.1 500 B\r\n\r\n", True, (202, 500)),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nHTTP/1.1 500 no\r\n\r\n ", True, (200,)),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 Large\r\n\r\n", True, (413,)),
            (b"HTTP/1.1 404 Not Found\r\nContent-Length: 22\r\n\r\n", False, (404,)),
        ],
    )
    def test_when_they_are_read_then_every_answer_counts_and_no_body_does(
        self, received: bytes, has_bodies: bool, statuses: tuple[int, ...]
    ) -> None:
        assert read_statuses(received, has_bodies=has_bodies) == statuses
