"""The errors of the store.

StoreError
├── WorldUnknown     no world with that id
├── TokenUnknown     no token with that name in a world
├── FaultUnknown     no fault with that id in a world
└── NameTaken        an id or token that is already in use in some world
"""

from __future__ import annotations

from dataclasses import dataclass


class StoreError(Exception):
    """Base of the store's errors."""


@dataclass(eq=False)
class WorldUnknown(StoreError):
    world_id: str

    def __str__(self) -> str:
        return f"no world {self.world_id!r}; GET /_mock/worlds lists them"


@dataclass(eq=False)
class TokenUnknown(StoreError):
    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no token {self.name!r} in this world; there are: {', '.join(self.known) or 'none'}"


@dataclass(eq=False)
class FaultUnknown(StoreError):
    fault_id: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no fault {self.fault_id!r} in this world; there are: {', '.join(self.known) or 'none'}"


@dataclass(eq=False)
class NameTaken(StoreError):
    kind: str
    value: str
    path: str = ""

    def __str__(self) -> str:
        return f"{self.path or self.kind}: this {self.kind} is in use already; leave it out to get a fresh one"
