"""An immutable table: adding rows makes another table, which shares all unchanged parts with this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, ValuesView
from itertools import chain, islice
from typing import TypeVar, overload

Row = TypeVar("Row")
Other = TypeVar("Other")
_CHUNK_ROWS = 64

Chunk = tuple[Row, ...]


class Table(Mapping[str, Row]):
    """Rows by their key, in the order in which their keys were added.

    Readers may iterate for as long as they like: later additions go to other tables. Deriving a table of n rows with some rows
    changed takes n/64 steps, because all unchanged chunks are shared.
    """

    __slots__ = ("_chunks", "_count", "_places")

    def __init__(self, rows: Mapping[str, Row] | None = None) -> None:
        self._places: dict[str, int] = {}
        """Shared with later tables; their additions have places beyond this table's count."""
        self._chunks: tuple[Chunk[Row], ...] = ()
        self._count = 0
        if rows:
            self._fill(rows)

    def __getitem__(self, key: str) -> Row:
        place = self._places[key]
        if place >= self._count:
            raise KeyError(key)
        return self._chunks[place // _CHUNK_ROWS][place % _CHUNK_ROWS]

    @overload
    def get(self, key: str, /) -> Row | None: ...
    @overload
    def get(self, key: str, default: Row | Other, /) -> Row | Other: ...
    def get(self, key: str, default: Other | None = None, /) -> Row | Other | None:
        """As `Mapping.get`, without an exception for each unknown key."""
        place = self._places.get(key)
        if place is None or place >= self._count:
            return default
        return self._chunks[place // _CHUNK_ROWS][place % _CHUNK_ROWS]

    def __contains__(self, key: object) -> bool:
        place = self._places.get(key) if isinstance(key, str) else None
        return place is not None and place < self._count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        # Copying is atomic for other threads; iterating over the shared places would not be.
        return islice(self._places.copy(), self._count)

    def rows_of(self, keys: Iterable[str]) -> list[Row]:
        """The rows of some keys, in the order in which the keys were added. Errors: KeyError."""
        return [self[key] for key in sorted(keys, key=self._places.__getitem__)]

    def values(self) -> _Rows[Row]:
        return _Rows(self._chunks, self._count)

    def having(self, rows: Mapping[str, Row]) -> Table[Row]:
        """The table with these rows added, or replaced if their keys exist. Only one caller at a time."""
        following = Table[Row]()
        following._places = self._places if len(self._places) == self._count else self._own_places()
        following._chunks = self._chunks
        following._count = self._count
        following._fill(rows)
        return following

    def _own_places(self) -> dict[str, int]:
        """Later tables have been derived from this one already, so its places can't be shared with one more."""
        return {key: place for place, key in enumerate(self)}

    def _fill(self, rows: Mapping[str, Row]) -> None:
        changed: dict[int, list[Row]] = {}
        for key, row in rows.items():
            place = self._places.setdefault(key, self._count)
            index = place // _CHUNK_ROWS
            if index not in changed:
                changed[index] = list(self._chunks[index]) if index < len(self._chunks) else []
            if place == self._count:
                changed[index].append(row)
                self._count += 1
            else:
                changed[index][place % _CHUNK_ROWS] = row
        chunks: list[Chunk[Row]] = [*self._chunks]
        for index, chunk in changed.items():
            chunks[index : index + 1] = [tuple(chunk)]
        self._chunks = tuple(chunks)


class _Rows(ValuesView[Row]):
    """The rows of a table, in order."""

    __slots__ = ("_chunks", "_count")

    def __init__(self, chunks: tuple[Chunk[Row], ...], count: int) -> None:
        self._chunks = chunks
        self._count = count

    def __iter__(self) -> Iterator[Row]:
        return chain.from_iterable(self._chunks)

    def __reversed__(self) -> Iterator[Row]:
        return chain.from_iterable(map(reversed, reversed(self._chunks)))

    def __contains__(self, row: object) -> bool:
        return any(row in chunk for chunk in self._chunks)

    def __len__(self) -> int:
        return self._count
