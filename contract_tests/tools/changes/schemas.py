"""The changes from one schema to another, each at its place, and whether the values became more or fewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from contract_tests.tools.changes.containment import Sure, contains, same
from contract_tests.tools.changes.documents import Document, Node, Unbounded, alternatives
from contract_tests.tools.changes.wording import NOTHING, default_in_words, enum_in_words, in_words
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object, pointer_to

_OF_OBJECTS = frozenset({"type", "properties", "required", "additionalProperties"})
_OF_LISTS = frozenset({"type", "items", "prefixItems"})
_EACH = "*"
_MOST_PLACES = 20
# A longer union is told by what came and what went.
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change. `owner` is the component that it belongs to (or empty), `inside` its pointer in there.

    `pointer` is that in the whole schema. `accepts_more`: whether the new schema has values that the old one lacks;
    `accepts_less`: the other way round. `is_default`: what counts if the value is left out is another one.
    """

    pointer: str
    inside: str
    before: str
    after: str
    accepts_more: Sure
    accepts_less: Sure
    owner: str = ""
    is_default: bool = False
    is_removed: bool = False

    def below(self, place: str, *, owner: str = "") -> SchemaChange:
        """The same change, seen from a schema that has this one at `place`; an owner below stays."""
        inside = self.inside if self.owner else place + self.inside
        return replace(self, pointer=place + self.pointer, inside=inside, owner=self.owner or owner)


@dataclass(slots=True)
class SchemaComparison:
    """Compares schemas of two documents; remembers what it found for each pair of components."""

    old: Document
    new: Document
    _known: dict[tuple[str, str], tuple[SchemaChange, ...]] = field(default_factory=dict)

    def changes(self, old: JsonValue, new: JsonValue) -> tuple[SchemaChange, ...]:
        """The changes from `old` to `new`, places relative to them. Errors: BrokenReference."""
        before, after = self.old.follow(old), self.new.follow(new)
        if not (before.name and after.name):
            return tuple(self._of_nodes(before, after))
        pair = (before.name, after.name)
        if pair not in self._known:
            # A component inside itself is compared once, where it begins.
            self._known[pair] = ()
            owner = before.name if before.name == after.name else ""
            found = (change.below("", owner=owner) for change in self._of_nodes(before, after))
            self._known[pair] = tuple(_without_repetitions(found))
        return self._known[pair]

    def _of_nodes(self, old: Node, new: Node) -> Iterator[SchemaChange]:
        left, right = alternatives(old.schema), alternatives(new.schema)
        if len(left) == len(right) == 1:
            found = self._of_single(old.schema, new.schema)
        else:
            found = self._of_unions(old.schema, new.schema, left, right)
        before, after = default_in_words(old.schema), default_in_words(new.schema)
        if before == after:
            yield from found
            return
        here, below = _split(found)
        yield from below
        yield _with_default(here, before, after)

    def _of_single(self, old: JsonValue, new: JsonValue) -> Iterator[SchemaChange]:
        if isinstance(old, dict) and isinstance(new, dict) and old.get("type") == new.get("type"):
            if old.get("type") == "object":
                yield from self._of_objects(old, new)
                yield from self._of_rest(old, new, _OF_OBJECTS)
                return
            if old.get("type") == "array":
                yield from self._of_lists(old, new)
                yield from self._of_rest(old, new, _OF_LISTS)
                return
        yield from self._of_leaves(old, new)

    def _of_objects(self, old: JsonObject, new: JsonObject) -> Iterator[SchemaChange]:
        had, has = as_object(old.get("properties")), as_object(new.get("properties"))
        needed, needs = set(map(str, as_list(old.get("required")))), set(map(str, as_list(new.get("required"))))
        for name in had:
            place = pointer_to("", name)
            if name not in has:
                words = _required(in_words(self.old, had[name]), name in needed)
                yield SchemaChange(place, place, words, NOTHING, Sure.YES, Sure.YES, is_removed=True)
                continue
            yield from (change.below(place) for change in self.changes(had[name], has[name]))
            if (name in needed) != (name in needs):
                is_now = Sure.YES if name in needs else Sure.NO
                both = ("always there", "may be missing")
                yield SchemaChange(place, place, *(both if name in needed else both[::-1]), is_now.opposite, is_now)
        for name in (one for one in has if one not in had):
            place = pointer_to("", name)
            words = _required(in_words(self.new, has[name]), name in needs)
            # An unknown key was allowed unless the document says otherwise: readers and the service ignore it.
            news = self._missing_in(self.old, old.get("additionalProperties", True), self.new, [has[name]])
            more = _any([sure for _, sure in news])
            yield SchemaChange(place, place, NOTHING, words, more, Sure.YES if name in needs else Sure.NO)
        others = [schema.get("additionalProperties", True) for schema in (old, new)]
        if not all(other is True for other in others):
            place = pointer_to("", _EACH)
            yield from (change.below(place) for change in self.changes(others[0], others[1]))

    def _of_lists(self, old: JsonObject, new: JsonObject) -> Iterator[SchemaChange]:
        place = pointer_to("", _EACH)
        yield from (change.below(place) for change in self.changes(old.get("items", True), new.get("items", True)))
        first, second = as_list(old.get("prefixItems")), as_list(new.get("prefixItems"))
        for at in range(max(len(first), len(second))):
            one, other = (items[at] if at < len(items) else True for items in (first, second))
            yield from (change.below(pointer_to("", at)) for change in self.changes(one, other))

    def _of_rest(self, old: JsonObject, new: JsonObject, done: frozenset[str]) -> Iterator[SchemaChange]:
        """What the other keywords of an object or a list say, such as `minItems`."""
        rest = [{"type": one["type"], **{k: v for k, v in one.items() if k not in done}} for one in (old, new)]
        yield from self._of_leaves(rest[0], rest[1])

    def _of_leaves(self, old: JsonValue, new: JsonValue) -> Iterator[SchemaChange]:
        accepts_more, accepts_less = self._difference(old, new)
        if accepts_more is Sure.NO and accepts_less is Sure.NO:
            return
        before, after = self._both_in_words(old, new)
        yield SchemaChange("", "", before, after, accepts_more, accepts_less)

    def _of_unions(
        self, old: JsonValue, new: JsonValue, left: list[JsonValue], right: list[JsonValue]
    ) -> Iterator[SchemaChange]:
        """Alternatives that belong together are compared; others came or went, unless the rest has their values anyway."""
        pairs, gone, came = self._matched(left, right)
        if not pairs and len(left) != len(right):
            yield from self._of_leaves(old, new)
            return
        for one, other in pairs:
            yield from self.changes(one, other)
        lost = self._missing_in(self.new, new, self.old, gone)
        news = self._missing_in(self.old, old, self.new, came)
        if lost or news:
            before, after = in_words(self.old, old), in_words(self.new, new)
            if max(len(before), len(after)) > _LONGEST:
                before = " or ".join(in_words(self.old, one) for one, _ in lost) or NOTHING
                after = " or ".join(in_words(self.new, one) for one, _ in news)
                after = f"also {after}" if after else "no longer"
            less, more = (_any([sure for _, sure in some]) for some in (lost, news))
            yield SchemaChange("", "", before, after, more, less)

    def _matched(
        self, left: list[JsonValue], right: list[JsonValue]
    ) -> tuple[list[tuple[JsonValue, JsonValue]], list[JsonValue], list[JsonValue]]:
        """Pairs of alternatives that are equal, have one name, or are the only ones of their type; and what is left on each side."""
        pairs: list[tuple[JsonValue, JsonValue]] = []
        left, right = list(left), list(right)
        for key in (self._content, _name, self._type):
            keys = [[key(self.old, one) for one in left], [key(self.new, one) for one in right]]
            for value in dict.fromkeys(one for one in keys[0] if one is not None):
                if keys[0].count(value) == keys[1].count(value) == 1:
                    one, other = left[keys[0].index(value)], right[keys[1].index(value)]
                    pairs.append((one, other))
                    for side, some in ((0, left), (1, right)):
                        at = keys[side].index(value)
                        del keys[side][at], some[at]
        return pairs, left, right

    def _content(self, document: Document, schema: JsonValue) -> str | None:
        try:
            return repr(document.closed(schema))
        except Unbounded:
            return None

    def _type(self, document: Document, schema: JsonValue) -> str | None:
        node = as_object(document.follow(schema).schema)
        return str(node["type"]) if isinstance(node.get("type"), str) and len(alternatives(node)) == 1 else None

    def _difference(self, old: JsonValue, new: JsonValue) -> tuple[Sure, Sure]:
        """Whether `new` accepts more than `old`, and whether it accepts less."""
        try:
            before, after = self.old.closed(old), self.new.closed(new)
        except Unbounded:
            return Sure.UNKNOWN, Sure.UNKNOWN
        if same(before, after):
            return Sure.NO, Sure.NO
        return contains(before, after).opposite, contains(after, before).opposite

    @staticmethod
    def _missing_in(
        outer_of: Document, outer: JsonValue, inner_of: Document, some: list[JsonValue]
    ) -> list[tuple[JsonValue, Sure]]:
        """The schemas of which `outer` lacks values, for certain or perhaps."""
        found: list[tuple[JsonValue, Sure]] = []
        for one in some:
            try:
                sure = contains(outer_of.closed(outer), inner_of.closed(one)).opposite
            except Unbounded:
                sure = Sure.UNKNOWN
            if sure is not Sure.NO:
                found.append((one, sure))
        return found

    def _both_in_words(self, old: JsonValue, new: JsonValue) -> tuple[str, str]:
        values = [as_list(as_object(one).get("enum")) for one in (old, new)]
        if all(values):
            gone, came = ([one for one in values[a] if one not in values[b]] for a, b in ((0, 1), (1, 0)))
            return enum_in_words(values[0], gone), enum_in_words(values[1], came)
        return in_words(self.old, old), in_words(self.new, new)


def _without_repetitions(found: Iterator[SchemaChange]) -> Iterator[SchemaChange]:
    """The changes, each distinct one at its first places; a document can use one component in millions of places."""
    places: Counter[SchemaChange] = Counter()
    for change in found:
        same_one = replace(change, pointer="")
        places[same_one] += 1
        if places[same_one] <= _MOST_PLACES:
            yield change


def _split(found: Iterator[SchemaChange]) -> tuple[SchemaChange | None, list[SchemaChange]]:
    """The change of the schema itself, if there is one, and those of its parts."""
    changes = list(found)
    here = next((change for change in changes if not change.pointer), None)
    return here, [change for change in changes if change is not here]


def _with_default(here: SchemaChange | None, before: str, after: str) -> SchemaChange:
    """One change for the schema and its default."""
    if here is None:
        first, second = (text.removeprefix("; ") or NOTHING for text in (before, after))
        return SchemaChange("", "", first, second, Sure.NO, Sure.NO, is_default=True)
    return replace(here, before=here.before + before, after=here.after + after, is_default=True)


def _name(_: Document, schema: JsonValue) -> str | None:
    reference = as_object(schema).get("$ref")
    return reference if isinstance(reference, str) else None


def _required(words: str, is_required: bool) -> str:
    return f"{words}, {'always there' if is_required else 'optional'}"


def _any(some: list[Sure]) -> Sure:
    """Whether any of the statements is true."""
    return next((sure for sure in (Sure.YES, Sure.UNKNOWN) if sure in some), Sure.NO)
