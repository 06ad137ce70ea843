"""Pages of lists: the requested slice, and the total count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageRequest:
    page: int = 1
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: tuple[T, ...]
    total: int
    limit: int


def cut(items: Sequence[T], request: PageRequest) -> Page[T]:
    """The requested slice; a page past the end is empty. Source: observed on the service."""
    start = (request.page - 1) * request.limit
    return Page(tuple(items[start : start + request.limit]), len(items), request.limit)
