"""Ids and tokens of a new world: those that its document gives, those that it had before, or fresh ones; each is used once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mock_server.domain.ids import IdSource
from mock_server.store.errors import NameTaken


class Identities:
    """Assigns ids and tokens. Errors: NameTaken, with the path, for one that is in use already."""

    def __init__(
        self, ids: IdSource, is_taken: Callable[[str], bool], *, before: Mapping[str, str] | None = None
    ) -> None:
        """`before`: those of the world that is made again, by their paths; None: it is not going to be."""
        self._ids = ids
        self._is_taken = is_taken
        self._before = before
        self._given: set[str] = set()
        self._by_path: dict[str, str] = {}

    @property
    def by_path(self) -> Mapping[str, str]:
        """What the world can be made again with: an object that is taken out of its document and put back is the same."""
        return {**(self._before or {}), **self._by_path}

    def new_id(self) -> str:
        return self._ids.new_id()

    def new_token(self, prefix: str) -> str:
        return self._ids.new_token(prefix)

    def new_key(self, prefix: str) -> str:
        return self._ids.new_key(prefix)

    def id(self, wanted: str | None, path: str) -> str:
        return self.fresh(path, "", self.new_id) if wanted is None else self._keep(wanted, "id", path)

    def token(self, wanted: str | None, prefix: str, path: str) -> str:
        if wanted is not None:
            return self._keep(wanted, "token", path)
        return self.fresh(path, prefix, lambda: self.new_token(prefix))

    def secrets_at(self, path: str) -> IdSource:
        """A source of the secret at this path."""
        return _SecretSource(self, path)

    def _keep(self, wanted: str, kind: str, path: str) -> str:
        if wanted in self._given or self._is_taken(wanted):
            raise NameTaken(kind, wanted, path)
        return self._assign(wanted, path)

    def fresh(self, path: str, prefix: str, make: Callable[[], str]) -> str:
        """The one of before, unless it has another prefix: a token of another kind is another token."""
        known = None if self._before is None else self._before.get(path)
        if known is None or not known.startswith(prefix) or known in self._given or self._is_taken(known):
            known = make()
        return self._assign(known, path)

    def _assign(self, name: str, path: str) -> str:
        self._given.add(name)
        if self._before is not None:
            self._by_path[path] = name
        return name


class _SecretSource:
    """Makes the secret of one path, or finds that of before."""

    def __init__(self, identities: Identities, path: str) -> None:
        self._identities = identities
        self._path = path

    def new_id(self) -> str:
        return self._identities.new_id()

    def new_token(self, prefix: str) -> str:
        return self._identities.token(None, prefix, self._path)

    def new_key(self, prefix: str) -> str:
        return self._identities.fresh(self._path, prefix, lambda: self._identities.new_key(prefix))
