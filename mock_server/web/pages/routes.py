"""Answer the pages for people: the list of worlds, a world, an order, a request; and the files that they load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import NotFound

from mock_server.documents.scenarios import list_scenarios
from mock_server.domain.errors import OrderUnknown
from mock_server.domain.webhooks import OrderEvent
from mock_server.services.context import Services
from mock_server.services.journal import orders_of
from mock_server.services.orders import find_order
from mock_server.store.errors import WorldUnknown
from mock_server.store.journal import Journal, Numbered
from mock_server.store.state import World
from mock_server.views.journal import JournalView, journal_view
from mock_server.web.control.gate import ControlGate, Refusal
from mock_server.web.control.hints import Hints
from mock_server.web.control.pages import guard
from mock_server.web.exchange import Answer
from mock_server.web.flask_bridge import flask_response
from mock_server.web.pages.copying import as_curl, as_test, token_variable
from mock_server.web.pages.order_life import draw, order_life
from mock_server.web.pages.overview import WorldFacts
from mock_server.web.pages.writing import ASSET_ROOT, PageWriter
from mock_server.web.revisions import ServedRevisions
from mock_server.web.wsgi import base_url
from polar_contract.json_types import JsonObject

_MOST_ENTRIES = 50
_ASSETS = Path(__file__).with_name("assets")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def pages_blueprint(services: Services, revisions: ServedRevisions, gate: ControlGate) -> Blueprint:
    blueprint = Blueprint("pages", __name__)
    writer = PageWriter()
    pages = _Pages(services, Hints(services, revisions), gate, writer)

    def refuse(refusal: Refusal) -> Response:
        return writer.page("refused", status=refusal.status, refusal=refusal, asks_for_key=refusal.status == 401)

    def not_found(error: Exception) -> Response:
        sentence = error.description if isinstance(error, NotFound) else str(error)
        return writer.page("not_found", status=404, sentence=sentence)

    guard(blueprint, gate, is_open=lambda path: path.startswith(ASSET_ROOT), refuse=refuse)
    for rule, function in (
        ("", lambda: redirect("/_mock/", 308)),
        ("/", pages.worlds),
        ("/view/<world_id>", pages.world),
        ("/view/<world_id>/orders/<order_id>", pages.order),
        ("/view/<world_id>/journal/<int:number>", pages.request),
        ("/view-unclaimed/<int:number>", pages.request),
        ("/assets/<name>", _asset),
    ):
        blueprint.add_url_rule(rule, f"page {rule}", function, methods=["GET"])
    for unknown in (WorldUnknown, OrderUnknown, NotFound):
        blueprint.register_error_handler(unknown, not_found)
    return blueprint


def _asset(name: str) -> Response:
    """A file that every server has, so it needs no key. Errors: NotFound."""
    kind = _TYPES.get(Path(name).suffix)
    if kind is None or name not in {file.name for file in _ASSETS.iterdir()}:
        raise NotFound(f"There is no file {name!r}.")
    return flask_response(Answer(200, (_ASSETS / name).read_bytes(), (("Content-Type", f"{kind}; charset=utf-8"),)))


class _Pages:
    """The pages of one server."""

    def __init__(self, services: Services, hints: Hints, gate: ControlGate, writer: PageWriter) -> None:
        self._services = services
        self._hints = hints
        self._gate = gate
        self._writer = writer

    def worlds(self) -> Response:
        return self._writer.page(
            "worlds",
            worlds=[WorldFacts(self._services, world, "") for world in self._services.worlds.all()],
            scenarios=list_scenarios(),
            entries=self._entries(None),
        )

    def world(self, world_id: str) -> Response:
        facts = self._facts(world_id)
        return self._writer.page(
            "world",
            facts=facts,
            orders=facts.orders(request.args.get("page", 1, type=int)),
            tokens=[(row, token_variable(row.name)) for row in facts.tokens()],
            events=facts.events(),
            faults=facts.faults(),
            snapshots=facts.world.snapshots.all(),
            resender=facts.organization_token("webhooks:write"),
            entries=self._entries(facts.world),
        )

    def order(self, world_id: str, order_id: str) -> Response:
        facts = self._facts(world_id)
        order = find_order(facts.tables, None, order_id)
        entries = [one for one in facts.world.journal.entries if order.id in orders_of(one[1])]
        events = facts.events(about=order.id)
        moments = order_life(facts, order, entries, events)
        return self._writer.page(
            "order",
            facts=facts,
            row=facts.order(order),
            picture=draw(moments),
            events=events,
            event_types=tuple(OrderEvent),
            resender=facts.organization_token("webhooks:write"),
            entries=self._rows(facts.world, entries[: -_MOST_ENTRIES - 1 : -1]),
        )

    def request(self, number: int, world_id: str | None = None) -> Response:
        """One request of a journal, with its answer. Errors: NotFound when the journal does not have it any more."""
        world = None if world_id is None else self._services.worlds.get(world_id)
        found = self._journal(world).after(number - 1)[:1]
        if not found or found[0][0] != number:
            raise NotFound(f"The journal does not have number {number} (any more).")
        entry = self._shown(world, self._view(world), found[0])
        base = self._base_url()
        return self._writer.page(
            "request", world=world, entry=entry, curl=as_curl(entry, base), test=as_test(entry, base)
        )

    def _facts(self, world_id: str) -> WorldFacts:
        return WorldFacts(self._services, self._services.worlds.get(world_id), self._base_url())

    def _base_url(self) -> str:
        return base_url(self._gate.served, request.environ)

    def _journal(self, world: World | None) -> Journal:
        return self._services.unclaimed if world is None else world.journal

    def _entries(self, world: World | None) -> list[JsonObject]:
        """The last requests, newest first."""
        journal = self._journal(world)
        return self._rows(world, journal.after(journal.last_number - _MOST_ENTRIES)[::-1])

    def _rows(self, world: World | None, entries: Sequence[Numbered]) -> list[JsonObject]:
        """Without bodies: to clear those of secrets takes milliseconds each, and a row does not show them."""
        view = self._view(world)
        return [self._shown(world, view, (number, it._replace(body=b"", answer=b""))) for number, it in entries]

    def _shown(self, world: World | None, view: JournalView, one: Numbered) -> JsonObject:
        number, entry = one
        return view.entry(number, entry, orders=orders_of(entry), hint=self._hints.of(entry, world))

    def _view(self, world: World | None) -> JournalView:
        return journal_view(None if world is None else world.state)
