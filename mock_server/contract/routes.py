"""Find the operation of a method and path, with the service's handling of wrong methods and trailing slashes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from mock_server.contract.operations import Operation

_NO_PARAMETERS: Mapping[str, str] = {}
_Shape = tuple[int, int, str, str]
# Characters that RFC 3986 allows unescaped in a path.
_PLAIN_IN_PATHS = "/:@!$&'()*+,;=~"
# Clients ask for the same few paths again and again, while they wait for an invoice for example.
_REMEMBERED_PATHS = 256


class Matched(NamedTuple):
    operation: Operation
    path_parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Redirected:
    """The path with its trailing slash corrected, percent-encoded again because it goes into a header."""

    path: str


@dataclass(frozen=True, slots=True)
class MethodRefused:
    allow: str
    """The methods of the first route on the path only. Source: observed on the service."""


@dataclass(frozen=True, slots=True)
class RouteUnknown:
    pass


Match = Matched | Redirected | MethodRefused | RouteUnknown
_UNKNOWN = RouteUnknown()


class _Path:
    """One path of the contract and its operations by method, in the document's order."""

    def __init__(self, template: str) -> None:
        self.operations: dict[str, Operation] = {}
        segments = template.split("/")
        self.position = next((i for i, segment in enumerate(segments) if segment.startswith("{")), None)
        self.parameter = "" if self.position is None else segments[self.position].strip("{}")

    @property
    def allow(self) -> str:
        return next(iter(self.operations))


class RouteTable:
    """Match paths by dictionary: literal paths as a whole, templates with their one parameter cut out."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations: dict[str, str] = {}
        """The paths of all operations, by their ids."""
        self._literal: dict[str, _Path] = {}
        self._templates: dict[_Shape, _Path] = {}
        self._positions: dict[int, tuple[int, ...]] = {}
        self.match = lru_cache(_REMEMBERED_PATHS)(self._match)
        """The operation of a method and a path, remembered."""
        templates: dict[str, None] = {}
        for operation in operations:
            self.operations[operation.operation_id] = operation.template
            self._path_of(operation.template).operations[operation.method] = operation
            templates[operation.template] = None
        self._all = tuple(templates)

    @property
    def templates(self) -> tuple[str, ...]:
        """All paths, with their parameters in braces."""
        return self._all

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods of all operations of a path, which may be none."""
        found = self._find(path)
        return () if found is None else tuple(found[0].operations)

    def _path_of(self, template: str) -> _Path:
        path = _Path(template)
        if path.position is None:
            return self._literal.setdefault(template, path)
        segments = template.split("/")
        positions = self._positions.get(len(segments), ())
        if path.position not in positions:
            self._positions[len(segments)] = (*positions, path.position)
        return self._templates.setdefault(_shape(segments, path.position), path)

    def _match(self, method: str, path: str) -> Match:
        """`path` is percent-decoded; a parameter is any non-empty text without a slash."""
        found = self._find(path)
        if found is None:
            return self._mended(path)
        route, value = found
        operation = route.operations.get(method)
        if operation is None:
            return MethodRefused(route.allow)
        return Matched(operation, _NO_PARAMETERS if value is None else {route.parameter: value})

    def _find(self, path: str) -> tuple[_Path, str | None] | None:
        literal = self._literal.get(path)
        if literal is not None:
            return literal, None
        segments = path.split("/")
        for position in self._positions.get(len(segments), ()):
            template = self._templates.get(_shape(segments, position))
            if template is not None and segments[position]:
                return template, segments[position]
        return None

    def _mended(self, path: str) -> Match:
        """The path with one slash added, or with all trailing slashes removed. Source: observed on the service."""
        other = path.rstrip("/") if path.endswith("/") else path + "/"
        return _UNKNOWN if self._find(other) is None else Redirected(quote(other, _PLAIN_IN_PATHS, errors="replace"))


def _shape(segments: list[str], position: int) -> _Shape:
    """The path without its parameter; the count distinguishes `a/{id}` from `a/{id}/`."""
    return len(segments), position, "/".join(segments[:position]), "/".join(segments[position + 1 :])
