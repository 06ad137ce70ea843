"""Snapshots: whatever happens to a world after one, a restore leaves no trace of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.delivery.addresses import WebhookAddress
from mock_server.delivery.sending import Receipt
from mock_server.domain.cancellation import Cancellation
from mock_server.store.snapshots import MOST_SNAPSHOTS
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import ACME, Api, problems_of, world_of
from tests.mock_server.web.world_actions import ACTIONS, ORDER, call, seen


def take(api: Api, name: str = "start") -> Any:
    return api.in_world("POST", "/snapshots", {"name": name})


def restore(api: Api, name: str = "start") -> Any:
    return api.in_world("POST", f"/snapshots/{name}/restore")


@contextmanager
def a_world_on(server: MockServer, document: Mapping[str, Any] = ACME) -> Iterator[Api]:
    api = world_of(server, document)
    yield api
    server.services.worlds.remove(api.world["id"])


SEQUENCES = st.lists(st.sampled_from(sorted(ACTIONS)), max_size=8)


class GivenASnapshot:
    @settings(max_examples=40)
    @given(before=SEQUENCES, between=SEQUENCES, after=SEQUENCES)
    def test_when_anything_happens_and_it_is_restored_then_the_world_is_as_it_was(
        self, shared_server: MockServer, before: list[str], between: list[str], after: list[str]
    ) -> None:
        with a_world_on(shared_server) as api:
            world = shared_server.services.worlds.get(api.world["id"])
            for name in before:
                ACTIONS[name](api)
            then, journal_then = seen(api), world.journal.entries
            take(api)

            for name in between:
                ACTIONS[name](api)
            restore(api)
            first, journal_first = seen(api), world.journal.entries
            # The world goes on, and the snapshot is as it was.
            for name in after:
                ACTIONS[name](api)
            restore(api)

            assert first == then
            assert seen(api) == then
            # Of the journal a snapshot keeps the place only, and a reset forgets what is before it.
            assert journal_first == (() if "reset" in between else journal_then)
            assert world.journal.entries == (() if "reset" in [*between, *after] else journal_then)

    @pytest.mark.parametrize("name", sorted(set(ACTIONS) - {"release the clock", "settle", "reset"}))
    def test_then_each_of_these_actions_would_leave_a_trace(self, api: Api, name: str) -> None:
        before = seen(api)

        ACTIONS[name](api)

        assert seen(api) != before

    def test_when_requests_are_limited_then_those_before_the_snapshot_still_count(self, api: Api) -> None:
        api.in_world("PATCH", "", {"rate_limits": {"requests": 2}})
        assert api.send("GET", api.order("paid"), token="customer").status_code == 200
        take(api)

        for _ in range(2):
            restore(api)
            answers = [api.send("GET", api.order("paid"), token="customer").status_code for _ in range(2)]
            assert answers == [200, 429]

    def test_when_it_is_restored_then_tokens_made_since_then_stop_working(self, api: Api) -> None:
        take(api)
        new = api.in_world("POST", "/tokens", {"key": "new", "kind": "customer_session", "customer": "main"})["token"]
        assert api.send("GET", api.order("paid"), token=new).status_code == 200

        restore(api)

        assert api.send("GET", api.order("paid"), token=new).status_code == 401
        assert api.send("GET", api.order("paid"), token="customer").status_code == 200

    def test_when_a_token_was_revoked_since_then_it_works_again(self, api: Api) -> None:
        take(api)
        api.in_world("DELETE", "/tokens/customer")
        assert api.send("GET", api.order("paid"), token="customer").status_code == 401

        answer = restore(api)

        assert answer == api.world
        assert api.send("GET", api.order("paid"), token="customer").status_code == 200

    def test_when_the_world_was_reset_since_then_a_token_of_the_snapshot_works_again(self, api: Api) -> None:
        late = api.in_world("POST", "/tokens", {"key": "late", "kind": "customer_session", "customer": "main"})["token"]
        take(api)
        api.in_world("POST", "/reset")
        assert api.send("GET", api.order("paid"), token=late).status_code == 401

        restore(api)

        assert api.send("GET", api.order("paid"), token=late).status_code == 200

    def test_when_another_world_has_got_such_a_token_then_the_restore_is_refused_and_nothing_changes(
        self, api: Api, server: MockServer
    ) -> None:
        late = {"kind": "customer_session", "customer": "main", "token": "polar_cst_mine"}
        api.in_world("POST", "/tokens", {"key": "late", **late})
        take(api)
        api.in_world("POST", "/reset")
        world_of(server, {**ACME, "tokens": {"late": late}})
        before = seen(api)

        answer = call(api, "POST", "/snapshots/start/restore")

        assert (answer.status_code, answer.json["error"]) == (409, "TokensLost")
        assert "in use in another world" in answer.json["detail"]
        assert seen(api) == before

    def test_when_the_world_is_deleted_then_it_has_no_snapshot(self, api: Api) -> None:
        take(api)
        api.in_world("DELETE", "")

        assert call(api, "GET", "/snapshots").status_code == 404

    def test_when_its_world_has_ended_meanwhile_then_a_restore_starts_no_job(self, api: Api) -> None:
        world = api.server.services.worlds.get(api.world["id"])
        snapshot = world.keep_snapshot("start")
        world.end_work()

        world.restore(snapshot, lambda: "id")

        assert world.has_ended


class GivenAnAttemptInProgress:
    def test_when_the_world_is_restored_then_it_is_cancelled_and_made_again(self) -> None:
        """The snapshot is from before the attempt, so its event still has to be sent."""
        attempts: list[str] = []
        cancelled: list[bool] = []

        def receiver(
            address: WebhookAddress, headers: Mapping[str, str], body: bytes, cancellation: Cancellation
        ) -> Receipt:
            attempts.append(headers["webhook-id"])
            if len(attempts) == 1:
                restore(api)
                cancelled.append(cancellation.is_cancelled)
            return Receipt(200, "ok")

        api = world_of(assemble(Settings(), wall=lambda: NOW, send=receiver), ACME)
        api.in_world("POST", "/orders", {"key": "new", **ORDER, "status": "pending"})
        take(api)
        api.in_world("POST", "/settle")

        assert cancelled == [True]
        # What the receiver answered to the attempt of before is not recorded.
        (event,) = api.events("order.created")
        assert (event["succeeded"], event["attempts"]) == (None, [])

        api.in_world("POST", "/settle")

        (event,) = api.events("order.created")
        assert (event["succeeded"], len(event["attempts"])) == (True, 1)
        assert attempts == [event["id"]] * 2


class GivenARunningClock:
    def test_when_the_world_is_restored_later_then_its_time_goes_on_from_the_snapshot(self) -> None:
        machine = [NOW]
        api = world_of(assemble(Settings(), wall=lambda: machine[0]), ACME)
        taken = take(api)
        machine[0] += timedelta(days=1)

        restore(api)
        now = _now(api)
        machine[0] += timedelta(seconds=10)

        assert datetime.fromisoformat(taken["taken_at"]) == now == NOW
        assert _now(api) == NOW + timedelta(seconds=10)
        # The session has as much time left as it had.
        assert api.send("GET", api.order("paid"), token="customer").status_code == 200


def _now(api: Api) -> datetime:
    return datetime.fromisoformat(api.in_world("GET", "/clock")["now"])


class GivenSeveralSnapshots:
    def test_then_they_are_listed_with_what_they_hold_and_each_can_be_deleted(self, api: Api) -> None:
        take(api, "one")
        api.in_world("POST", "/orders", {"key": "new", **ORDER})
        two = take(api, "two")

        assert [(s["name"], s["orders"], s["jobs"]) for s in api.in_world("GET", "/snapshots")["items"]] == [
            ("one", 4, 0),
            ("two", 5, two["jobs"]),
        ]
        api.in_world("DELETE", "/snapshots/one")
        assert [snapshot["name"] for snapshot in api.in_world("GET", "/snapshots")["items"]] == ["two"]

    def test_when_an_older_one_is_restored_then_the_newer_one_can_be_restored_after_it(self, api: Api) -> None:
        take(api, "one")
        api.in_world("POST", "/orders", {"key": "new", **ORDER})
        take(api, "two")
        newer = seen(api)

        restore(api, "one")
        assert "new" not in api.in_world("GET", "")["orders"]
        restore(api, "two")

        assert seen(api) == newer

    def test_when_there_are_as_many_as_a_world_keeps_then_one_more_is_refused(self, api: Api) -> None:
        for number in range(MOST_SNAPSHOTS):
            take(api, f"s{number}")

        answer = call(api, "POST", "/snapshots", {"name": "more"})

        assert (answer.status_code, answer.json["error"]) == (409, "SnapshotsFull")
        assert f"{MOST_SNAPSHOTS} snapshots, which is the most; DELETE one first: s0, s1" in answer.json["detail"]


class GivenAName:
    @pytest.mark.parametrize("name", ["", ".", "..", "-x", "a/b", "a b", "é", "x" * 65, "a\n"])
    def test_when_it_can_be_no_part_of_a_path_then_it_is_refused_with_the_form_of_a_name(
        self, api: Api, name: str
    ) -> None:
        assert "up to 64 letters" in problems_of(api, "POST", "/snapshots", {"name": name})["name"]

    def test_when_it_is_taken_then_409_says_what_to_do(self, api: Api) -> None:
        take(api)

        answer = call(api, "POST", "/snapshots", {"name": "start"})

        assert (answer.status_code, answer.json["error"]) == (409, "SnapshotTaken")
        assert "DELETE it first, or take another name" in answer.json["detail"]

    @pytest.mark.parametrize(("method", "path"), [("POST", "/snapshots/gone/restore"), ("DELETE", "/snapshots/gone")])
    def test_when_there_is_no_such_snapshot_then_404_lists_those_that_there_are(
        self, api: Api, method: str, path: str
    ) -> None:
        take(api, "here")

        answer = call(api, method, path)

        assert (answer.status_code, answer.json["error"]) == (404, "SnapshotUnknown")
        assert answer.json["detail"] == "no snapshot 'gone' of this world; there are: here"
