"""All worlds of a server, and the index from a bearer token to its world."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from mock_server.domain.sessions import Credential
from mock_server.store.errors import NameTaken, TokensLost, WorldUnknown
from mock_server.store.state import World


class WorldStore:
    """The worlds in one dictionary, which every change replaces, tokens in another; look-ups take no lock.

    Errors: WorldUnknown for an unknown id, NameTaken for a token in use.
    """

    def __init__(self) -> None:
        self._worlds: dict[str, World] = {}
        self._by_token: dict[str, World] = {}
        self._lock = Lock()

    def add(self, world: World) -> None:
        with self._lock:
            self._refuse_taken(world)
            self._worlds = {**self._worlds, world.id: world}
            self._by_token.update(dict.fromkeys(world.tables.credentials, world))

    def _refuse_taken(self, world: World) -> None:
        if world.id in self._worlds:
            raise NameTaken("id", world.id)
        for token in world.tables.credentials:
            if token in self._by_token:
                raise NameTaken("token", token)

    def get(self, world_id: str) -> World:
        try:
            return self._worlds[world_id]
        except KeyError:
            raise WorldUnknown(world_id) from None

    def remove(self, world_id: str) -> None:
        world = self.get(world_id)
        with self._lock:
            self._worlds = {name: other for name, other in self._worlds.items() if other is not world}
            self._by_token = {token: owner for token, owner in self._by_token.items() if owner is not world}
        world.end_work()

    def all(self) -> tuple[World, ...]:
        return tuple(self._worlds.values())

    def learn_token(self, credential: Credential, world: World) -> None:
        with self._lock:
            # A world that was removed in the meantime stays unknown.
            if self._worlds.get(world.id) is world:
                self._by_token[credential.token] = world

    def claim_tokens(self, tokens: Iterable[str], world: World) -> None:
        """Index the tokens that the world is going to have. Errors: TokensLost, if another world has got one of them."""
        with self._lock:
            wanted = dict.fromkeys(tokens, world)
            lost = [token for token in wanted if self._by_token.get(token, world) is not world]
            if lost:
                raise TokensLost(len(lost))
            if self._worlds.get(world.id) is world:
                self._by_token.update(wanted)

    def forget_old_tokens(self, world: World) -> None:
        """Index the world's present tokens; a token that it keeps can be found at every moment."""
        with self._lock:
            kept = world.tables.credentials
            self._by_token = {
                token: owner for token, owner in self._by_token.items() if owner is not world or token in kept
            }

    def by_token(self, token: str) -> World | None:
        return self._by_token.get(token)

    def uses(self, name: str, *, besides: World | None = None) -> bool:
        """Whether an id or a token is in use in any world, or in any besides one."""
        owner = self._by_token.get(name)
        if owner is not None:
            return owner is not besides
        return any(name in world.ids.values() for world in self.all() if world is not besides)
