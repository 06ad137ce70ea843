"""`serve --watch`: make the world at start again whenever its file has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from mock_server.cli.world_option import file_of_world

if TYPE_CHECKING:
    from mock_server.services.context import Services
    from mock_server.store.state import World

_SECONDS_BETWEEN = 0.3
_LOOKS_UNTIL_GONE = 6
_PARTS = ("item:", "price:", "discount:")


class _Signature(NamedTuple):
    """What changes when a file is written, or replaced by another, as many editors do."""

    modified: int
    size: int
    inode: int


class FileWatch:
    """Tells whether a file is another one than at the last change, and has been left alone since the look before.

    A file that is gone is about to be replaced, so that is no change; one that stays away is gone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._last = self._signature()
        self._looks_without_it = 0

    @property
    def is_found_gone(self) -> bool:
        """Whether the last look was the one at which the file counts as gone."""
        return self._looks_without_it == _LOOKS_UNTIL_GONE

    def has_changed(self) -> bool:
        now = self._signature()
        self._looks_without_it = self._looks_without_it + 1 if now is None else 0
        is_settled, self._last = now == self._last, now
        if now is None or now == self._known or not is_settled:
            return False
        self._known = now
        return True

    def _signature(self) -> _Signature | None:
        try:
            found = os.stat(self._path)  # noqa: PTH116  pathlib raises for names that are too long
        except (OSError, ValueError):
            return None
        return _Signature(found.st_mtime_ns, found.st_size, found.st_ino)


class WatchedWorld:
    """A file, and the world that is made of it. `say` gets one line for each reload, or for its failure."""

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._path = path
        self._say = say
        # Before the file is read for the first time, so that no change is missed.
        self._watch = FileWatch(path)

    def look(self, services: Services, world_id: str) -> None:
        """Reload the world if its file has changed."""
        if self._watch.has_changed():
            self._say(self._reloaded(services, world_id))
        elif self._watch.is_found_gone:
            self._say(f"{self._path} is gone; the world stays as it was until the file is there again")

    def follow(self, services: Services, world_id: str) -> None:
        """Look again and again, in a thread of its own, until the process ends."""
        from threading import Thread

        def run() -> None:
            while True:
                time.sleep(_SECONDS_BETWEEN)
                self.look(services, world_id)

        Thread(target=run, name="watch", daemon=True).start()

    def _reloaded(self, services: Services, world_id: str) -> str:
        from mock_server.documents.errors import DocumentError
        from mock_server.documents.world_files import read_world_file
        from mock_server.services.worlds import reload_world
        from mock_server.store.errors import StoreError

        try:
            document = read_world_file(self._path)
            world = services.worlds.get(world_id)
            names = _shown(world.world_seed.ids)
            reload_world(services, world, document)
        except (DocumentError, StoreError) as error:
            return f"not reloaded, the world stays as it was: {_one_line(str(error))}"
        except Exception as error:  # any error: a mistake of the mock itself must not end the watch
            return f"not reloaded: {type(error).__name__}: {_one_line(str(error))}"
        return f"reloaded {self._path}: {_differences(names, world)}"


def watched_world(world: str | None, *, is_watched: bool) -> WatchedWorld | None:
    """The file that `--world` names, if `--watch` is given. Errors: BadParameter without a file."""
    if not is_watched:
        return None
    path = None if world is None else file_of_world(world)
    if path is None:
        what = "no --world is given" if world is None else f"{world!r} is a scenario"
        message = f"needs a file to watch, and {what}; add --world FILE, with a name that ends in .yaml, .yml or .json"
        raise click.BadParameter(message, param_hint="--watch")
    return WatchedWorld(path, lambda line: click.echo(line, err=True))


def _differences(before: set[str], world: World) -> str:
    """The number of orders and tokens, and the names that came and went."""
    seed, after = world.world_seed, _shown(world.world_seed.ids)
    counts = f"{_counted(len(seed.orders), 'order')}, {_counted(len(seed.tokens), 'token')}"
    new, gone = [name for name in after if name not in before], [name for name in before if name not in after]
    changes = [f"{what} {_some(sorted(names))}" for what, names in (("new", new), ("gone", gone)) if names]
    return "; ".join([counts, *changes])


def _shown(names: Iterable[str]) -> set[str]:
    """Without the parts that come and go with an order or a product."""
    return {name for name in names if not name.startswith(_PARTS)}


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _some(names: list[str], most: int = 5) -> str:
    more = [f"and {len(names) - most} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])


def _one_line(text: str) -> str:
    return " ".join(text.split())
