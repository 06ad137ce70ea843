"""Changes of JSON objects, by the names that rows of defects use. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

# Untyped JSON: the rows know the documents that they change.
Json = Any
Change = Callable[[Json], Json]

_VALUES: Mapping[str, Callable[[Json], Json]] = {
    "text": str,
    "integer": int,
    "fraction": float,
    "capitals": str.upper,
    "lower case": str.lower,
    "trimmed": str.strip,
    "first": lambda items: items[:1],
    "all but first": lambda items: items[1:],
    "all but last": lambda items: items[:-1],
    "reversed": lambda items: items[::-1],
    "last doubled": lambda items: [*items, *items[-1:]],
    "twice": lambda items: [*items, *items],
    "negative": lambda amount: -amount - 1,
    "empty text": lambda value: value or "",
    "nothing": lambda items: items or None,
    "next year": lambda moment: f"{int(moment[:4]) + 1}{moment[4:]}",
    "by id": lambda items: {one["id"]: one for one in items},
    "ids": lambda items: [one["id"] for one in items],
    "paid only": lambda items: [one for one in items if one["paid"]],
    "misplaced": lambda place: [*place[:-1], 0],
}


def set_parts(values: Json) -> Change:
    """Sets parts; a new part is added."""
    return lambda one: {**one, **values}


def set_shown(values: Json) -> Change:
    """Sets only parts that are present."""
    return lambda one: {**one, **{name: value for name, value in values.items() if name in one}}


def drop(names: Json) -> Change:
    """Removes parts."""
    return lambda one: {name: value for name, value in one.items() if name not in names}


def keep(names: Json) -> Change:
    """Removes all other parts."""
    return lambda one: {name: value for name, value in one.items() if name in names}


def drop_nulls(_: Json) -> Change:
    """Removes the parts that are null."""
    return lambda one: {name: value for name, value in one.items() if value is not None}


def rename(names: Json) -> Change:
    """Gives parts other names: a mapping from old to new."""
    return lambda one: {names.get(name, name): value for name, value in one.items()}


def add(amounts: Json) -> Change:
    """Adds a number, or the number of another part, to parts that are numbers."""

    def added(one: Json) -> Json:
        more = {name: one[by] if isinstance(by, str) else by for name, by in amounts.items()}
        return {**one, **{name: one[name] + by for name, by in more.items() if isinstance(one.get(name), int | float)}}

    return added


def times(factors: Json) -> Change:
    """Multiplies parts that are numbers."""
    return lambda one: {**one, **{name: one[name] * by for name, by in factors.items()}}


def take(names: Json) -> Change:
    """Takes the values of parts from other parts: a mapping from part to source."""
    return lambda one: {**one, **{name: one.get(source) for name, source in names.items()}}


def values(changes: Json) -> Change:
    """Changes the values of parts by a function's name; null stays, unless the function makes something of it."""

    def changed(one: Json) -> Json:
        kept_null = {name for name, by in changes.items() if one.get(name) is None and by != "empty text"}
        return {**one, **{name: _VALUES[by](one[name]) for name, by in changes.items() if name not in kept_null}}

    return changed


def sub(changes: Json) -> Change:
    """Replaces texts in parts: a mapping from part to an expression and its replacement."""

    def changed(one: Json) -> Json:
        texts = {name: by for name, by in changes.items() if isinstance(one.get(name), str)}
        return {**one, **{name: re.sub(by[0], by[1], one[name]) for name, by in texts.items()}}

    return changed


def recount(name: Json) -> Change:
    """A list counts its own items only: `name` is the part with the counts."""
    return lambda one: {**one, name: {"total_count": len(one["items"]), "max_page": 1}}


def only(name: Json) -> Change:
    """One part instead of the object; `items[0]` is the first of a list."""
    return lambda one: one[name.removesuffix("[0]")][0] if name.endswith("[0]") else one[name]


def wrap(name: Json) -> Change:
    """The object as the only part of another."""
    return lambda one: {name: one}


def become(value: Json) -> Change:
    """Another value."""
    return lambda _: value


OBJECT_CHANGES: Mapping[str, Callable[[Json], Change]] = {
    "set": set_parts,
    "set_shown": set_shown,
    "drop": drop,
    "keep": keep,
    "drop_nulls": drop_nulls,
    "rename": rename,
    "add": add,
    "times": times,
    "take": take,
    "values": values,
    "sub": sub,
    "only": only,
    "recount": recount,
    "wrap": wrap,
    "become": become,
}


def object_change(data: Mapping[str, Json]) -> Change:
    """All object changes of a row, one after the other, at the row's place `of`, where the object fits `where`."""
    changes = [make(data[name]) for name, make in OBJECT_CHANGES.items() if name in data]
    where = data.get("where", {})

    def changed(one: Json) -> Json:
        if not is_like(one, where):
            return one
        for change in changes:
            one = change(one)
        return one

    return at(data.get("of", ""), changed) if "of" in data else changed


def is_like(one: Json, where: Mapping[str, Json]) -> bool:
    """Whether the object has these values; a list means any of them."""
    return all(
        one.get(name) in (value if isinstance(value, list) else [value]) if isinstance(one, dict) else False
        for name, value in where.items()
    )


def at(place: str, change: Change) -> Change:
    """Applies a change at a place such as `items[].product`; absent or null places stay.

    `orders` is one order, or all of a page; `body` the whole.
    """
    first, _, rest = place.partition(".")
    inner = at(rest, change) if rest else change
    if first == "body":
        return inner
    if first == "orders":
        return lambda body: (
            {**body, "items": [inner(one) for one in body["items"]]} if "pagination" in body else inner(body)
        )
    name, is_list = first.removesuffix("[]"), first.endswith("[]")

    def changed(one: Json) -> Json:
        part = one.get(name) if isinstance(one, dict) else None
        if part is None:
            return one
        if is_list and not isinstance(part, list):
            return one
        return {**one, name: [inner(item) for item in part] if is_list else inner(part)}

    return changed
