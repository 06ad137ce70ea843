"""The journals: what arrived at a world, and what belongs to none; reading, counting, verifying and following them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, request

from mock_server.documents.errors import DocumentInvalid, Problem
from mock_server.documents.errors import shown as shown_value
from mock_server.documents.journal_queries import DOWNLOAD, JournalQueries, Wanted, counted
from mock_server.services.context import Services
from mock_server.services.journal import matching, nearest, orders_of
from mock_server.store.journal import Journal, Numbered
from mock_server.store.state import World
from mock_server.views.journal import JournalView, journal_view
from mock_server.web.api.table import OPERATIONS
from mock_server.web.control.bodies import Route, compact_in_pieces, nothing_sent, sent_object, written
from mock_server.web.control.errors import refused
from mock_server.web.control.hints import Hints
from mock_server.web.control.live import LiveJournal
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from mock_server.web.rsgi import SENDING
from polar_contract.json_types import JsonObject, JsonValue

_OPERATIONS = (*OPERATIONS, DOWNLOAD)
_MOST_NUMBERS = 100
_NUMBER = "number"


def routes(services: Services, hints: Hints) -> tuple[Route, ...]:
    """The calls about a world's journal, and the same for the server's own, except that nothing verifies that one."""

    def opened(world_id: str | None) -> _Opened:
        return _open(services, hints, None if world_id is None else services.worlds.get(world_id))

    def read(world_id: str | None = None) -> Response:
        return _page(opened(world_id))

    def clear(world_id: str | None = None) -> Response:
        shown = opened(world_id)
        nothing_sent()
        shown.journal.clear()
        return Response(status=204)

    def count(world_id: str | None = None) -> Response:
        shown = opened(world_id)
        return written(200, {"count": len(matching(shown.journal, shown.queries.filter(_query())))})

    def verify(world_id: str) -> Response:
        return _verification(opened(world_id), sent_object())

    def follow(world_id: str | None = None) -> Response:
        world = None if world_id is None else services.worlds.get(world_id)
        return _followed(lambda: _open(services, hints, world))

    return (
        ("POST", "/worlds/<world_id>/journal/verify", verify),
        *(
            (method, f"{root}{rule}", function)
            for root in ("/worlds/<world_id>/journal", "/journal")
            for method, rule, function in (
                ("GET", "", read),
                ("DELETE", "", clear),
                ("GET", "/count", count),
                ("GET", "/stream", follow),
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """One journal, how it is searched, and how its entries are shown."""

    journal: Journal
    queries: JournalQueries
    view: JournalView
    hints: Hints
    world: World | None

    def is_over(self) -> bool:
        """Whether the world was removed."""
        return self.world is not None and self.world.has_ended

    def entry(self, one: Numbered) -> JsonObject:
        number, entry = one
        return self.view.entry(number, entry, orders=orders_of(entry), hint=self.hints.of(entry, self.world))


def _open(services: Services, hints: Hints, world: World | None) -> _Opened:
    if world is None:
        queries = JournalQueries(operations=_OPERATIONS, orders=None, tokens=None)
        return _Opened(services.unclaimed, queries, journal_view(None), hints, None)
    orders = {name.removeprefix("order:"): id_ for name, id_ in world.ids.items() if name.startswith("order:")}
    queries = JournalQueries(operations=_OPERATIONS, orders=orders, tokens=world.tokens)
    return _Opened(world.journal, queries, journal_view(world.state), hints, world)


def _query() -> JsonObject:
    """The call's query; of a parameter that is there twice the last one counts."""
    return dict(request.args.items(multi=True))


def _page(shown: _Opened) -> Response:
    """The newest entries that match, oldest first, and how many there are in all."""
    wanted, limit = shown.queries.page(_query())
    found = matching(shown.journal, wanted)
    items: list[JsonValue] = [shown.entry(one) for one in found[max(0, len(found) - limit) :]]
    body: JsonObject = {"items": items, "count": len(found), "last_number": shown.journal.last_number}
    return flask_response(Answer(200, compact_in_pieces(body)))


def _verification(shown: _Opened, sent: JsonObject) -> Response:
    """200 if as many requests match as are wanted; else 409 with what did arrive, and how the nearest one differs."""
    wanted, times = shown.queries.verification(sent)
    found = matching(shown.journal, wanted)
    numbers: list[JsonValue] = [number for number, _ in found[-_MOST_NUMBERS:]]
    if len(found) in times:
        return written(200, {"count": len(found), "numbers": numbers})
    asked: JsonObject = {name: value for name, value in sent.items() if name != "times"}
    missed = _nearest(shown, wanted, asked) if len(found) < times.least else None
    detail = f"{_named(asked)} should have arrived {times} and arrived {counted(len(found))}"
    if missed is not None:
        detail = f"{detail}; the nearest is {missed['sentence']}"
    return refused(409, "NotVerified", detail, count=len(found), numbers=numbers, nearest=missed)


def _nearest(shown: _Opened, wanted: Wanted, asked: JsonObject) -> JsonObject | None:
    found = nearest(shown.journal, wanted)
    if found is None:
        return None
    entry = shown.entry((found.number, found.entry))
    was = {name: entry.get("at" if name == "since" else name) for name in found.differences}
    said = ", ".join(
        f"{name} is {'unknown' if value is None else value}, not {asked.get(name)}" for name, value in was.items()
    )
    sentence = f"number {found.number}, {entry['method']} {entry['path']} -> {entry['status']}: its {said}"
    return {"sentence": sentence, "differs_in": list(was), "entry": entry}


def _named(asked: JsonObject) -> str:
    return " ".join(["a request", *(f"{name}={value}" for name, value in asked.items())])


def _followed(open_journal: Callable[[], _Opened]) -> Response:
    """Server-sent events, one for each request from now on, or from the one on that the client has seen last."""
    shown, query = open_journal(), _query()
    fields = query.pop("fields", None)
    if fields not in (None, _NUMBER):
        raise DocumentInvalid((Problem("fields", f"is {shown_value(fields)}; possible is: {_NUMBER}"),))
    last = request.headers.get("Last-Event-ID", str(shown.journal.last_number))
    wanted = shown.queries.filter({"after": last, **query})

    def write(found: Sequence[Numbered]) -> list[JsonObject]:
        if fields == _NUMBER:
            return [{"number": number} for number, _ in found]
        # Opened anew, because the world may have secrets by now that it did not have before.
        opened = open_journal()
        return [opened.entry(one) for one in found]

    request.environ[SENDING] = LiveJournal(shown.journal, wanted, write, shown.is_over)
    return Response(b"", content_type="text/event-stream")
