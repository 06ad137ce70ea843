"""`polar-mock serve --watch`: a changed document makes the world again, and what stays in it is the same."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mock_server.assembly import MockServer, Settings, assemble
from mock_server.cli.serve import serve
from mock_server.cli.watching import WatchedWorld
from mock_server.cli.world_option import world_document
from mock_server.store.state import World
from tests.mock_server.cli.test_serve import Served, call, until
from tests.mock_server.factories import NOW
from tests.mock_server.web.conftest import Api, nobody_listens

SHOP = """
organization: {slug: shop, name: Shop}
products: {pro: {name: Pro, price_amount: 1000, benefits: [Support]}}
customers:
  jane: {email: jane@example.com, members: {owner: {role: owner}}}
tokens:
  customer: {kind: customer_session, customer: jane}
orders:
  paid: {product: pro, discount: {name: Launch, amount: 100}}
  two_items: {product: pro, items: [{amount: 1}, {amount: 2}]}
subscriptions: {club: {customer: jane, product: pro}}
webhook_endpoints: {app: {url: "http://127.0.0.1:9/hook", events: [order.updated]}}
"""


def write(file: Path, text: str) -> None:
    """Each version is of another time, however fast they follow each other."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text)
    os.utime(file, ns=(before + 1_000_000_000, before + 1_000_000_000))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write(tmp_path / "world.yaml", SHOP)
    return tmp_path / "world.yaml"


@dataclass
class Watched:
    """A server whose world is watched; a look is made when a test says so."""

    server: MockServer
    watched: WatchedWorld
    file: Path
    said: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.server.services.worlds.get("default")

    def change(self, text: str) -> None:
        write(self.file, text)
        for _ in range(2):
            self.watched.look(self.server.services, "default")

    def document(self) -> Any:
        return Api(self.server).control("GET", "/worlds/default")


@pytest.fixture
def shop(file: Path) -> Watched:
    said: list[str] = []
    watched = WatchedWorld(file, said.append)
    settings = Settings(world=world_document(str(file)), is_world_reloadable=True)
    return Watched(assemble(settings, wall=lambda: NOW, send=nobody_listens), watched, file, said)


def without_times(document: Any) -> Any:
    """Orders without a time of their own are made a minute apart, so another order moves those before it."""
    if isinstance(document, dict):
        return {key: without_times(value) for key, value in document.items() if not key.endswith("_at")}
    return [without_times(one) for one in document] if isinstance(document, list) else document


class GivenAWatchedWorld:
    def test_when_an_order_is_added_then_all_that_was_there_is_the_same(self, shop: Watched) -> None:
        before = shop.document()

        shop.change(SHOP.replace("\nsubscriptions", "\n  extra: {product: pro, status: pending}\nsubscriptions"))

        after = shop.document()
        assert shop.said == [f"reloaded {shop.file}: 3 orders, 1 token; new order:extra"]
        assert after["orders"].pop("extra")["status"] == "pending"
        assert without_times(after) == without_times(before)
        token = before["tokens"]["customer"]["token"]
        assert (
            Api(shop.server, {"tokens": {}}).send("GET", "/v1/customer-portal/orders/", token=token).status_code == 200
        )

    def test_when_a_value_changes_then_only_that_changes(self, shop: Watched) -> None:
        before = shop.document()

        shop.change(SHOP.replace("name: Pro,", "name: Pro Plus,"))

        after = shop.document()
        assert after["products"]["pro"].pop("name") == "Pro Plus"
        assert before["products"]["pro"].pop("name") == "Pro"
        for document in (after, before):
            document["orders"] = {key: order["id"] for key, order in document["orders"].items()}
        assert after == before

    def test_when_an_object_is_taken_out_and_put_back_then_it_is_the_same(self, shop: Watched) -> None:
        before = shop.document()

        shop.change(SHOP.replace("  paid:", "  #paid:"))
        assert shop.said[-1].endswith("1 order, 1 token; gone order:paid")
        assert list(shop.document()["orders"]) == ["two_items"]
        shop.change(SHOP)

        assert shop.document() == before

    def test_when_a_token_gets_another_kind_then_it_is_another_token(self, shop: Watched) -> None:
        before = shop.world.tokens["customer"]

        shop.change(SHOP.replace("{kind: customer_session, customer: jane}", "{kind: organization_access_token}"))

        after = shop.world.tokens["customer"]
        assert after.startswith("polar_oat_")
        assert shop.server.services.worlds.by_token(before) is None
        assert shop.server.services.worlds.by_token(after) is shop.world

    def test_when_the_revision_changes_then_the_world_follows_it(self, shop: Watched) -> None:
        ids = dict(shop.world.ids)

        shop.change(f"revision: '2026-10'\n{SHOP}")

        assert (shop.world.revision, shop.world.policies.versions.current) == ("2026-10", "2026-10")
        assert dict(shop.world.ids) == ids
        Api(shop.server).control("POST", "/worlds/default/reset")
        assert shop.world.revision == "2026-10"
        assert shop.world.behaviour is shop.server.services.behaviour_of("2026-10")

    def test_when_the_world_was_changed_over_the_api_then_it_is_as_the_document_says(self, shop: Watched) -> None:
        Api(shop.server).control("PATCH", "/worlds/default/orders/paid", {"status": "refunded"})

        shop.change(f"{SHOP}# another\n")

        assert shop.document()["orders"]["paid"]["status"] == "paid"

    def test_when_faults_are_switched_on_then_they_stay(self, shop: Watched) -> None:
        api = Api(shop.server)
        api.control("POST", "/worlds/default/faults", {"retry_after": 1, "order": "paid"})
        before = api.control("GET", "/worlds/default/faults")

        shop.change(f"{SHOP}# another\n")

        assert api.control("GET", "/worlds/default/faults") == before

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("orders: [", "not YAML"),
            (SHOP.replace("status: ", "").replace("paid: {", "paid: {status: payed, "), "orders.paid.status: is"),
            (SHOP.replace("customer: jane}\norders", "customer: john}\norders"), "tokens.customer.customer: is"),
            ("revision: '9.9'", "known revisions: 0.1.0"),
            ("extends: nope", "extends: no scenario 'nope'; there are: demo"),
            (f"{SHOP}\nnonsense: 1", "nonsense: unknown key"),
        ],
    )
    def test_when_the_document_is_wrong_then_the_world_stays_and_one_line_says_why(
        self, shop: Watched, text: str, said: str
    ) -> None:
        before = shop.document()

        shop.change(text)

        (line,) = shop.said
        assert line.startswith("not reloaded, the world stays as it was: ")
        assert said in line
        assert "\n" not in line
        assert shop.document() == before

        shop.change(SHOP)
        assert shop.said[-1].startswith("reloaded ")

    def test_when_another_world_has_got_an_id_that_the_document_gives_then_the_same(self, shop: Watched) -> None:
        other = Api(shop.server).control("POST", "/worlds", {"scenario": "demo"})["ids"]["order:paid"]

        shop.change(SHOP.replace("paid: {", f"paid: {{id: {other}, "))

        assert "orders.paid.id: this id is in use already" in shop.said[-1]

    def test_when_the_world_was_deleted_then_this_is_said(self, shop: Watched) -> None:
        Api(shop.server).control("DELETE", "/worlds/default")

        shop.change(f"{SHOP}# another\n")

        assert "no world 'default'" in shop.said[-1]

    def test_when_its_file_is_deleted_then_this_is_said_once_and_again_if_it_comes_back_and_goes(
        self, shop: Watched
    ) -> None:
        text = shop.file.read_text()
        for _ in range(2):
            shop.file.unlink()
            for _ in range(20):
                shop.watched.look(shop.server.services, "default")
            write(shop.file, text)
            shop.watched.look(shop.server.services, "default")

        gone = [
            line
            for line in shop.said
            if line.endswith("is gone; the world stays as it was until the file is there again")
        ]
        assert len(gone) == 2
        assert shop.world.ids["order:paid"]

    def test_when_a_snapshot_is_older_then_it_restores_the_document_of_its_time(self, shop: Watched) -> None:
        api, before = Api(shop.server), shop.document()
        api.control("POST", "/worlds/default/snapshots", {"name": "old"})
        shop.change(f"revision: '2026-10'\n{SHOP}")

        api.control("POST", "/worlds/default/snapshots/old/restore")

        assert shop.document() == before
        assert shop.world.revision == "0.1.0"


class GivenNoFileToWatch:
    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ([], "needs a file to watch, and no --world is given; add --world FILE"),
            (["--world", "demo"], "needs a file to watch, and 'demo' is a scenario; add --world FILE"),
        ],
    )
    def test_then_the_server_does_not_start(self, options: list[str], said: str) -> None:
        result = CliRunner().invoke(serve, ["--port", "0", "--watch", *options])

        assert (result.exit_code, said in " ".join(result.output.split())) == (2, True), result.output


@pytest.fixture
def served() -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(*options: str) -> Served:
        started.append(Served(*options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate()


class GivenAServerThatWatches:
    def test_when_the_file_is_replaced_then_its_world_is_the_new_one(
        self, served: Callable[..., Served], file: Path
    ) -> None:
        running = served("--world", str(file), "--watch")
        other = file.with_name("next.yaml")
        other.write_text(SHOP.replace("name: Shop", "name: Other"))
        other.replace(file)

        until(lambda: call(running.port, "GET", "/_mock/worlds/default")[1]["organization"]["name"] == "Other")

        code, errors = running.stop(signal.SIGTERM)
        assert (code, errors) == (0, f"reloaded {file}: 2 orders, 1 token\n")
