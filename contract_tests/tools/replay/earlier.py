"""Recordings from before a document was completed: which fields their answers may lack, as earlier.yaml says."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources

import yaml

from contract_tests.tools.replay.sources import Recorded, Source
from contract_tests.transport.exchanges import Exchange
from polar_contract import Contract
from polar_contract.json_types import JsonObject, as_list, as_object
from polar_contract.operations import Operations
from polar_contract.schemas import ResponseSchemas

_JSON = "application/json"
_LACKS = re.compile(r'"(?P<name>[^"]+)" is a required property$')


@dataclass(frozen=True, slots=True)
class LaterField:
    """A field that its schema requires now, and that no answer had before a day."""

    schema: str
    name: str
    before: date

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(slots=True)
class SchemasOfTime:
    """The schemas of one contract as they were at the time of a file."""

    contract: Contract
    operations: Operations
    _made: dict[frozenset[LaterField], ResponseSchemas] = field(default_factory=dict)

    def of(self, source: Source) -> ResponseSchemas:
        """The schemas for the answers of a file, without the fields that came later."""
        return self._without(frozenset(_lacked(source)))

    def lacks(self, exchange: Exchange, schemas: ResponseSchemas) -> Counter[str]:
        """The fields that an answer may lack by these schemas, and lacks; by their names."""
        operation, strict = self.operations.by_id.get(exchange.operation_id or ""), self._without(frozenset())
        if operation is None or schemas is strict or exchange.status not in operation.statuses:
            return Counter()
        place = (operation.path, operation.method, exchange.status)
        try:
            body = exchange.json()
        except ValueError:
            return Counter()
        if _JSON not in strict.media_types(*place):
            return Counter()
        wrong, still = (Counter(one.violations(*place, _JSON, body)) for one in (strict, schemas))
        return Counter(found["name"] for text in (wrong - still).elements() if (found := _LACKS.search(text)))

    def _without(self, fields: frozenset[LaterField]) -> ResponseSchemas:
        if fields not in self._made:
            self._made[fields] = ResponseSchemas(_optional(self.contract.effective, fields))
        return self._made[fields]


@cache
def later_fields() -> tuple[LaterField, ...]:
    """Every entry of earlier.yaml."""
    text = resources.files(__package__).joinpath("earlier.yaml").read_text("utf-8")
    entries = map(as_object, as_list(as_object(yaml.safe_load(text)).get("fields")))
    return tuple(
        LaterField(str(one["schema"]), str(one["field"]), date.fromisoformat(str(one["before"]))) for one in entries
    )


def _lacked(source: Source) -> Iterator[LaterField]:
    """The fields that came after the answers of a file.

    A HAR document says when its requests were sent. A recording does not: it is earlier than a day if none of its answers
    has any of the fields of that day. A server that lost one of them later is found by this.
    """
    answers = [event.exchange for event in source.events if isinstance(event, Recorded)]
    newest = max((one.started_at for one in answers), default=0.0)
    for day in sorted({one.before for one in later_fields()}):
        fields = [one for one in later_fields() if one.before == day]
        if newest:
            is_earlier = datetime.fromtimestamp(newest, UTC).date() < day
        else:
            is_earlier = not any(f'"{one.name}"'.encode() in answer.body for one in fields for answer in answers)
        if is_earlier:
            yield from fields


def _optional(document: JsonObject, fields: frozenset[LaterField]) -> JsonObject:
    """The document in which no schema requires these fields."""
    if not fields:
        return document
    made = copy.deepcopy(document)
    schemas = as_object(as_object(made.get("components")).get("schemas"))
    for one in fields:
        schema = as_object(schemas.get(one.schema))
        if one.name in as_list(schema.get("required")):
            schema["required"] = [name for name in as_list(schema["required"]) if name != one.name]
    return made
