"""Aligns two lists: which item on the left corresponds to which on the right, and whether their order differs.

Items with equal sort keys may come in any order: no rule says which of them is first, and each target decides for itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from contract_tests.model.sorting import DEFAULT_SORTING, TEXTS, sorted_value
from contract_tests.tools.compare.matching import Matching, plain, without_volatile
from contract_tests.tools.compare.places import Place
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

_ORDER, _WITHIN_A_LETTER = "order of body.items", " within a letter"
Items = Sequence[JsonObject]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The items of both lists, aligned with their partners, and how the order differs, if it does."""

    left: Items
    right: Items
    order: Place | None = None


def side_by_side(
    left: JsonObject, right: JsonObject, exchange: Exchange, matching: Matching, *, is_whole: bool = True
) -> SideBySide | None:
    """The items of two pages that answer the same request; None where one side has no list of objects.

    Where one side has only some of the items of the other (`is_whole` is false), only items on both pages are aligned.
    """
    here, there = _items(left), _items(right)
    if here is None or there is None:
        return None
    query = parse_qs(urlsplit(exchange.url).query)
    if not is_whole:
        here, there = _of_both(here, there, matching)
    criteria = [one.removeprefix("-") for one in query.get("sorting", DEFAULT_SORTING)]
    return _aligned(here, there, criteria, matching, is_page=_is_one_of_many(left))


def _aligned(left: Items, right: Items, criteria: Sequence[str], matching: Matching, *, is_page: bool) -> SideBySide:
    partners = _partners(left, right, matching)
    here, there = ([_key(item, criteria) for item in items] for items in (left, right))
    arranged = [place for run in _runs(here, there) for place in _arranged(run, partners)]
    cut = _cut_by_the_page(arranged, partners, here, there) if is_page and len(left) == len(right) else set()
    if cut:
        kept = [place for place in range(len(left)) if place not in cut]
        return SideBySide([left[place] for place in kept], [right[arranged[place]] for place in kept])
    order = _order(arranged, partners, len(left))
    if order is None:
        return SideBySide(left, [right[place] for place in arranged])
    is_within = TEXTS.issuperset(criteria) and _letters(here) == _letters(there)
    found = replace(order, where=f"{order.where}{_WITHIN_A_LETTER}") if is_within else order
    return SideBySide(left, [right[partners[place]] for place in range(len(left))], found)


def _of_both(left: Items, right: Items, matching: Matching) -> tuple[Items, Items]:
    """The items whose known partner is on the other page."""
    here = {matching.partner_of("id", str(item.get("id"))): item for item in left}
    there = {plain("id", str(item.get("id"))): item for item in right}
    both = here.keys() & there.keys()
    return (
        [item for one, item in here.items() if one in both],
        [item for one, item in there.items() if one in both],
    )


def _partners(left: Items, right: Items, matching: Matching) -> dict[int, int]:
    """Maps each place on the left to the place of its partner on the right: by id where it is known, else by equal content."""
    places = {plain("id", str(item.get("id"))): place for place, item in enumerate(right)}
    found = {}
    for place, item in enumerate(left):
        partner = matching.partner_of("id", str(item.get("id")))
        if partner in places:
            found[place] = places[partner]
    free = [place for place in range(len(right)) if place not in found.values()]
    faces = {place: _face(right[place]) for place in free}
    for place, item in enumerate(left):
        if place in found or matching.partner_of("id", str(item.get("id"))) is not None:
            continue
        face = _face(item)
        # Prefer the item in the same place: it is more likely that nothing moved than that everything did.
        alike = sorted((one for one in free if faces[one] == face), key=lambda one: one != place)
        if alike:
            found[place] = alike[0]
            free.remove(alike[0])
    return found


def _runs(left: Sequence[Key], right: Sequence[Key]) -> Iterator[range]:
    """The places on the right, divided into runs with equal sort keys on both sides."""
    start, both = 0, min(len(left), len(right))
    for place in range(1, len(right) + 1):
        is_tied = place < both and left[place] == left[place - 1] and right[place] == right[place - 1]
        if not is_tied:
            yield range(start, place)
            start = place


def _arranged(run: range, partners: Mapping[int, int]) -> list[int]:
    """The places of a run on the right, in the order of their partners on the left where these are in the same run."""
    there = {place: partners[place] for place in run if partners.get(place) in run}
    rest = iter([place for place in run if place not in there.values()])
    return [there[place] if place in there else next(rest) for place in run]


def _cut_by_the_page(
    arranged: Sequence[int], partners: Mapping[int, int], left: Sequence[Key], right: Sequence[Key]
) -> set[int]:
    """Places at either end of a page whose items have equal keys and no partner on the page: the partner may be on the next page."""
    cut: set[int] = set()
    count = len(arranged)
    for places in (range(count), range(count - 1, -1, -1)):
        edge = left[places[0]] if count else ()
        for place in places:
            there = arranged[place]
            if left[place] != edge or right[there] != edge:
                break
            if place not in partners and there not in partners.values():
                cut.add(place)
    return cut


def _order(arranged: Sequence[int], partners: Mapping[int, int], count: int) -> Place | None:
    """How the order of two lists with the same items differs; None when it does not."""
    if len(arranged) != count or len(partners) != count or all(partners[i] == arranged[i] for i in range(count)):
        return None
    numbers = {there: place + 1 for place, there in partners.items()}
    return Place(_ORDER, *(", ".join(map(str, one)) for one in (range(1, count + 1), [numbers[i] for i in arranged])))


def _key(item: JsonObject, criteria: Sequence[str]) -> Key:
    """Texts in lower case: no collation distinguishes texts by case alone."""
    return tuple(
        json.dumps(_lowered(sorted_value(item, one)) if one in TEXTS else sorted_value(item, one)) for one in criteria
    )


def _letters(keys: Sequence[Key]) -> list[tuple[str, ...]]:
    """The first letter of each text in its JSON form; a missing text has its own prefix."""
    return [tuple(text[:2] for text in key) for key in keys]


def _face(item: JsonObject) -> str:
    """The content of an item without values that each target generates."""
    return without_volatile(json.dumps(item, sort_keys=True))


def _items(body: JsonObject) -> Items | None:
    listed = as_list(body.get("items"))
    return [as_object(item) for item in listed] if "pagination" in body and all(map(_is_object, listed)) else None


def _is_object(value: JsonValue) -> bool:
    return isinstance(value, dict)


def _is_one_of_many(body: JsonObject) -> bool:
    pages = as_object(body.get("pagination")).get("max_page")
    return isinstance(pages, int) and pages > 1


def _lowered(value: JsonValue) -> JsonValue:
    return value.lower() if isinstance(value, str) else value
