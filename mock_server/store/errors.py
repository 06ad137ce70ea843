"""The errors of the store.

StoreError
├── WorldUnknown     no world with that id
├── TokenUnknown     no token with that name in a world
├── FaultUnknown     no fault with that id in a world
├── NameTaken        an id or token that is already in use in some world
├── SnapshotUnknown  no snapshot with that name in a world
├── SnapshotTaken    a world has a snapshot with that name already
├── SnapshotsFull    a world has as many snapshots as it can keep
└── TokensLost       tokens of a state that a world goes to belong to another world
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


@dataclass(eq=False)
class SnapshotUnknown(StoreError):
    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no snapshot {self.name!r} of this world; there are: {', '.join(self.known) or 'none'}"


@dataclass(eq=False)
class SnapshotTaken(StoreError):
    name: str

    def __str__(self) -> str:
        return f"name: there is a snapshot {self.name!r} of this world already; DELETE it first, or take another name"


@dataclass(eq=False)
class SnapshotsFull(StoreError):
    most: int
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"this world has {self.most} snapshots, which is the most; DELETE one first: {', '.join(self.known)}"


@dataclass(eq=False)
class TokensLost(StoreError):
    count: int

    def __str__(self) -> str:
        tokens = "one of its tokens is" if self.count == 1 else f"{self.count} of its tokens are"
        return f"{tokens} in use in another world by now; DELETE that world first"
