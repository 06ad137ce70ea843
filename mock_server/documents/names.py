"""The names that a document can refer to: those of its own sections, or those of the world that it is added to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from mock_server.documents.errors import DocumentInvalid, Problem, cut, shown, some_of
from mock_server.documents.fields import Fields
from mock_server.domain.customers import Customer
from mock_server.domain.webhooks import WebhookEndpoint
from mock_server.store.errors import NameTaken
from mock_server.store.state import World, WorldState
from polar_contract.json_types import JsonObject, JsonValue, as_object

_REFERRED = {"customers": "customer", "products": "product", "subscriptions": "subscription"}


@dataclass(frozen=True, slots=True)
class Names:
    """`known` has keys such as `customer:main`; its values are unused. `where` names the owner of the names in messages."""

    where: str
    known: Mapping[str, object]
    keys_of: Callable[[str], Collection[str]]
    """The names of a kind, without the kind's prefix."""
    members_of: Callable[[str], Collection[str]]

    def has(self, kind: str, key: str) -> bool:
        return f"{kind}:{key}" in self.known

    def refer(self, fields: Fields, kind: str, *, needed: bool = False) -> str | None:
        """The name in the field that is called like the kind; None, with a problem, if it does not exist."""
        key = fields.text(kind)
        if key is None and not needed:
            return None
        if key is not None and self.has(kind, key):
            return key
        self._complain(fields, kind, needed, lambda: self.keys_of(kind), f"{self.where} has no {kind}s")
        return None

    def refer_to_member(self, fields: Fields, customer: str, *, needed: bool) -> str | None:
        key, members = fields.text("member"), self.members_of(customer)
        if key in members:
            return key
        self._complain(fields, "member", needed, lambda: members, f"the customer {cut(customer)} has no members")
        return None

    def _complain(
        self, fields: Fields, field: str, needed: bool, known: Callable[[], Iterable[str]], none: str
    ) -> None:
        value = fields.raw(field)
        if not (needed if value is None else isinstance(value, str)):
            return
        if not fields.problems.remaining:
            fields.problems.skip(1)
        elif value is None:
            fields.complain_missing(field, one_of(known(), none))
        else:
            fields.complain(field, f"is {shown(value)}; {one_of(known(), none)}")


def one_of(known: Iterable[str], none: str) -> str:
    """The possible names as text; `none` if there are none."""
    listed = some_of(known)
    return f"one of: {listed}" if listed else none


def names_in(document: JsonValue) -> Names:
    """The names of a document that has not been read yet, so that its sections can refer to each other in any order."""
    sections = as_object(document)
    keys = {kind: as_object(sections.get(section)) for section, kind in _REFERRED.items()}
    known = {f"{kind}:{key}": None for kind in keys for key in keys[kind]}

    def members_of(customer: str) -> Collection[str]:
        return as_object(as_object(keys["customer"].get(customer)).get("members"))

    return Names("this document", known, keys.__getitem__, members_of)


def names_of(world: World) -> Names:
    """The names that a world has at this moment."""
    tables = world.tables
    ids = tables.names

    def keys_of(kind: str) -> Collection[str]:
        start = f"{kind}:"
        return [name.removeprefix(start) for name in ids if name.startswith(start)]

    def members_of(customer: str) -> Collection[str]:
        return member_keys(keys_by_id(ids), tables.customers[ids[f"customer:{customer}"]]).values()

    return Names("this world", ids, keys_of, members_of)


def keys_by_id(ids: Mapping[str, str]) -> dict[str, str]:
    """Names by id, without their kind."""
    return {id_: name.partition(":")[2] for name, id_ in ids.items()}


def member_keys(keys: Mapping[str, str], customer: Customer) -> dict[str, str]:
    """Keys of a customer's members by id: as they were named, or derived from the id for members added later."""
    start = f"{keys[customer.id]}."
    return {m.id: keys.get(m.id, later_key("member", m.id)).removeprefix(start) for m in customer.members}


def member_name(ids: Mapping[str, str], customer_key: str, key: str) -> str:
    """The full name of a new member: its key alone, or with its customer's key where the short name is taken."""
    return f"member:{key}" if f"member:{key}" not in ids else f"member:{customer_key}.{key}"


def later_key(kind: str, id_: str) -> str:
    """A name for an object that no document named."""
    return f"{kind}_{id_[:8]}"


def token_names(state: WorldState) -> dict[str, str]:
    """Names of all valid tokens, by token: as they were given, or derived from the id for sessions opened later."""
    given = {token: name for name, token in state.tokens.items()}
    taken = set(state.tokens)
    names: dict[str, str] = {}
    for credential in state.tables.credentials.values():
        short = later_key("session", credential.id)
        made = f"session_{credential.id}" if short in taken else short
        if not credential.is_revoked:
            names[credential.token] = given.get(credential.token) or made
            taken.add(names[credential.token])
    return names


def endpoints_by_key(state: WorldState) -> dict[str, WebhookEndpoint]:
    """Endpoints by name, or by a name derived from the id for those created over the API; deleted ones are left out."""
    keys = keys_by_id(state.tables.names)
    living = [endpoint for endpoint in state.tables.endpoints.values() if not endpoint.deleted]
    return {keys.get(endpoint.id) or later_key("endpoint", endpoint.id): endpoint for endpoint in living}


def require_free(ids: Mapping[str, str], kind: str, key: str) -> None:
    """Errors: NameTaken for a key that names another object of its kind."""
    if f"{kind}:{key}" in ids:
        raise NameTaken("key", key, path="key")


def read_key(body: JsonObject, kind: str) -> tuple[str, JsonObject]:
    """The `key` that names a new object, and the rest of the body. Errors: DocumentInvalid."""
    rest = {name: value for name, value in body.items() if name != "key"}
    key = body.get("key")
    if not isinstance(key, str) or not key:
        what = "is missing" if key is None else f"is {shown(key)}"
        raise DocumentInvalid((Problem("key", f"{what}; a new {kind} needs a name, a text that is not empty"),))
    return key, rest
