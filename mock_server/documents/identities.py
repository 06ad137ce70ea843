"""Ids and tokens of a new world: those that its document gives, or fresh ones; each is used once."""

from __future__ import annotations

from collections.abc import Callable

from mock_server.domain.ids import IdSource
from mock_server.store.errors import NameTaken


class Identities:
    """Assigns ids and tokens. Errors: NameTaken, with the path, for one that is in use already."""

    def __init__(self, ids: IdSource, is_taken: Callable[[str], bool]) -> None:
        self._ids = ids
        self._is_taken = is_taken
        self._given: set[str] = set()

    def new_id(self) -> str:
        return self._ids.new_id()

    def new_token(self, prefix: str) -> str:
        return self._ids.new_token(prefix)

    def new_key(self, prefix: str) -> str:
        return self._ids.new_key(prefix)

    def id(self, wanted: str | None, path: str) -> str:
        return self.new_id() if wanted is None else self._keep(wanted, "id", path)

    def token(self, wanted: str | None, prefix: str, path: str) -> str:
        return self.new_token(prefix) if wanted is None else self._keep(wanted, "token", path)

    def _keep(self, wanted: str, kind: str, path: str) -> str:
        if wanted in self._given or self._is_taken(wanted):
            raise NameTaken(kind, wanted, path)
        self._given.add(wanted)
        return wanted
