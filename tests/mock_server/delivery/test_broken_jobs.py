"""Jobs that fail: each ends as failed and is reported once, and later jobs go on."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from mock_server.delivery.sending import Receipt
from mock_server.domain.jobs import JobKind
from mock_server.services.jobs import run_job
from tests.mock_server.delivery.conftest import ServedWith, a_world, event_of, patch
from tests.mock_server.delivery.receivers import FINE, ScriptedReceiver
from tests.mock_server.delivery.test_worker import a_shop, wait_until, working
from tests.mock_server.web.conftest import Api

BREAKS = {
    "an error": ValueError("no\nsuch \x1b[31mthing"),
    "an error without words": KeyError(),
    "half a character": UnicodeError("\ud800"),
    "a recursion": RecursionError("too deep"),
    "no memory": MemoryError(),
    "an assertion": AssertionError("never"),
}


class GivenASenderThatBreaks:
    @pytest.mark.parametrize("name", BREAKS)
    def test_then_the_event_has_failed_once_and_settling_says_so(
        self, name: str, caplog: pytest.LogCaptureFixture, served_with: ServedWith
    ) -> None:
        def breaking(*_: object, **__: object) -> Receipt:
            raise BREAKS[name]

        api = a_world(served_with(breaking))
        patch(api)
        settled = api.in_world("POST", "/settle")

        (failed,) = settled["failed"]
        assert failed["error"].startswith(type(BREAKS[name]).__name__)
        assert {key: failed[key] for key in failed if key != "error"} == settled["ran"][0]
        (attempt,) = event_of(api)["attempts"]
        assert (event_of(api)["succeeded"], attempt["succeeded"], attempt["http_code"]) == (False, False, None)
        assert failed["error"] in attempt["response"]
        (record,) = caplog.records
        assert (record.levelno, record.exc_info) == (logging.ERROR, None)
        assert record.getMessage().isascii()
        assert record.getMessage().isprintable()
        assert api.in_world("POST", "/settle") == {"ran": [], "failed": []}

    def test_then_the_worker_goes_on_with_the_next_event_and_does_not_try_again(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        sent: list[str] = []

        def breaking_once(*_: object, **__: object) -> Receipt:
            sent.append("x")
            if len(sent) == 1:
                raise ValueError("broken")
            return FINE

        with working(breaking_once) as server:
            api = a_shop(server, "http://127.0.0.1:2/")
            patch(api)
            patch(api, "Another Name")
            wait_until(lambda: len(sent) == 2)
            wait_until(lambda: [e["succeeded"] for e in api.events()] == [False, True])

        assert len(sent) == 2
        assert len(caplog.records) == 1


class GivenAJobThatBreaks:
    @pytest.mark.parametrize("kind", JobKind)
    @pytest.mark.parametrize("error", [ZeroDivisionError("x"), KeyError("y")], ids=["division", "key"])
    def test_then_it_is_not_scheduled_any_more_for_any_error(
        self, api: Api, kind: JobKind, error: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        world = api.server.services.worlds.get(api.world["id"])
        job = self.a_job(api, kind)

        def breaks(*_: object) -> None:
            raise error

        problem = run_job(api.server.services, world, job, {kind: breaks})

        assert problem == f"{type(error).__name__}: {error}"
        assert job not in world.state.jobs
        assert len(caplog.records) == 1

    def test_when_it_is_more_than_an_error_then_it_ends_too_and_the_interruption_is_passed_on(self, api: Api) -> None:
        world = api.server.services.worlds.get(api.world["id"])
        job = self.a_job(api, JobKind.DELIVER_EVENT)

        def is_interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run_job(api.server.services, world, job, {JobKind.DELIVER_EVENT: is_interrupted})

        assert job not in world.state.jobs

    def a_job(self, api: Api, kind: JobKind) -> Any:
        patch(api)
        world = api.server.services.worlds.get(api.world["id"])
        first = world.state.jobs.first(None)
        assert first is not None
        with world.changing() as transaction:
            transaction.finish(first)
        job = replace(first, kind=kind)
        with world.changing() as transaction:
            transaction.put(job)
        return job


class GivenABrokenAddressThatGotIn:
    def test_then_its_events_fail_with_a_message_and_nothing_is_sent(
        self, receiver: ScriptedReceiver, served_with: ServedWith
    ) -> None:
        api = a_world(served_with(receiver))
        world = api.server.services.worlds.get(api.world["id"])
        (endpoint,) = world.tables.endpoints.values()
        with world.changing() as transaction:
            transaction.put(replace(endpoint, url="https://a..b:0/"))
        patch(api)

        assert api.in_world("POST", "/settle")["failed"] == []
        (attempt,) = event_of(api)["attempts"]
        assert attempt["response"].startswith("Not sent: the endpoint's URL needs a port")
        assert (event_of(api)["succeeded"], receiver.sent) == (False, [])
