"""Turns a row of the core table into a call on the given fixtures, or into the reason why it can't be sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from contract_tests.config.credentials import NONSENSE_TOKENS, way_to_token
from contract_tests.config.gaps import Gap, Remedy, leave_out, not_checked
from contract_tests.config.permissions import DEFAULT_PERMISSIONS, Permissions
from contract_tests.runner.context import RunContext
from contract_tests.suites.cases.rows import INVALID, NOBODY, UNKNOWN_ID, Row
from contract_tests.targets.fixtures import Fixtures, Need
from contract_tests.targets.live_names import words_for
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonValue, as_object
from polar_contract.operations import Operation

_ONLY_IN_WORLDS: Mapping[str, str] = {
    "order:deleted": "deleted orders",
    "order:foreign": "objects of another organization",
    "endpoint:foreign": "objects of another organization",
}
LACKS_SCOPE = "insufficient_scope"
_NAME = re.compile(r"\{([a-z_]+:[a-z_]+)\}")
_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "upper": str.upper,
    "nodash": lambda one: one.replace("-", ""),
    "braces": lambda one: f"{{{one}}}",
    "urn": lambda one: f"urn:uuid:{one}",
    "": str,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request of one operation, with names replaced by ids and tokens."""

    operation_id: str
    token: str | None = field(repr=False)
    object_id: str
    query: Mapping[str, str | list[str]] | None
    body: JsonValue | bytes
    content_type: str | None
    has_length: bool = True

    def send(self, client: Client) -> Exchange:
        """Send the request. Errors: NoAnswer; RefusedToSend on a live account."""
        return client.send(
            self.operation_id,
            token=self.token,
            object_id=self.object_id,
            query=self.query,
            body=self.body,
            content_type=self.content_type,
            has_length=self.has_length,
        )


def check_row(context: RunContext, fixtures: Fixtures, row: Row) -> None:
    """Send the row's request and check the answer. Errors: ContractBroken; skips rows that can't be checked on this target."""
    operation, is_mock = context.operations.by_id[row.operation_id], context.target.is_mock
    if not is_mock:
        _require_allowed(operation, row, context.case.settings.permissions)
    exchange = call_of(row, fixtures, operation, may_write=True).send(context.client)
    if not is_mock and _is_gone(exchange):
        item = f"{operation.id}, which the target does not have"
        not_checked(operation.id, "the target does not have this operation", Remedy.NOWHERE, item)
    if not is_mock and row.error != LACKS_SCOPE and exchange.error_name() == LACKS_SCOPE:
        not_checked(operation.id, "the token lacks the scope", Remedy.SCOPES, scopes_of(operation))
    shows = {**as_object(row.shows), **row.in_world} if is_mock and row.in_world else row.shows
    context.rules.check(exchange, status=row.status, error=row.error, shows=_filled(shows, fixtures, operation))


def scopes_of(operation: Operation) -> str:
    """The scopes of an operation; any one of them is enough."""
    return " or ".join(sorted(operation.scopes))


def _is_gone(exchange: Exchange) -> bool:
    """Whether the router does not know an operation that the service removed later.

    Source: `POST /v1/member-sessions/` existed from January to March 2026.
    """
    return exchange.operation_id == "member-sessions:create" and exchange.status == 404 and not exchange.error_name()


def gap_against(operation: Operation, row: Row, permissions: Permissions) -> Gap | None:
    """Why this request is not sent to a live account; None when it is."""
    if row.status == 413:
        return Gap(operation.id, "the limit of 10 MB is the mock server's own", Remedy.MOCK, "bodies over 10 MB")
    if operation.is_read or row.who == NOBODY or row.who in NONSENSE_TOKENS:
        return None
    if operation.id.endswith("orders:update") and not row.who and _is_refused_anywhere(row):
        allowed = Gap(
            operation.id, "it writes, which needs --allow-writes", Remedy.WRITES, "PATCH requests that must be refused"
        )
        return None if permissions.writes else allowed
    why = "it writes, and a live account only gets reads and refusals"
    return Gap(operation.id, why, Remedy.MOCK, "requests that change an account")


def _require_allowed(operation: Operation, row: Row, permissions: Permissions) -> None:
    gap = gap_against(operation, row, permissions)
    if gap is not None:
        leave_out(gap)


def _is_refused_anywhere(row: Row) -> bool:
    """Whether the request is refused for every order, regardless of its state."""
    return row.status == 400 or row.error == INVALID or row.on.startswith("raw:")


def call_of(row: Row, fixtures: Fixtures, operation: Operation, *, may_write: bool) -> Call:
    """The call of a row on these fixtures; skips a row that can't be sent to them. Sends nothing."""
    if not may_write:
        _require_allowed(operation, row, DEFAULT_PERMISSIONS)
    query = {name: _texts(value, fixtures, operation) for name, value in (row.query or {}).items()}
    return Call(
        operation.id,
        token=_token(fixtures, row, operation),
        object_id=_object_id(fixtures, row, operation) if row.on else "",
        query=query or None,
        body=row.body if isinstance(row.body, bytes) else _filled(row.body, fixtures, operation),
        content_type=row.content_type,
        has_length=row.has_length,
    )


def _token(fixtures: Fixtures, row: Row, operation: Operation) -> str | None:
    if row.who == NOBODY:
        return None
    name = row.who or ("customer" if operation.is_portal else "organization")
    token = fixtures.token(name)
    if token is None:
        remedy, item = way_to_token(name)
        not_checked(operation.id, f"it needs {item}", remedy, item)
    return token


def _object_id(fixtures: Fixtures, row: Row, operation: Operation) -> str:
    if row.on.startswith("raw:"):
        return row.on.removeprefix("raw:")
    is_account = not fixtures.worlds
    if is_account and row.on.startswith("endpoint:") and not operation.is_read:
        # The request must be refused for any endpoint, so it is never sent for an endpoint that is in use.
        return UNKNOWN_ID.removeprefix("raw:")
    name, _, spelling = (row.on_account if is_account and row.on_account else row.on).partition("|")
    return _SPELLINGS[spelling](_known(fixtures, name, operation))


def _filled(value: JsonValue, fixtures: Fixtures, operation: Operation) -> JsonValue:
    """The value with names in braces replaced by ids."""
    if isinstance(value, str):
        return _NAME.sub(lambda found: _known(fixtures, found.group(1), operation), value)
    if isinstance(value, dict):
        return {key: _filled(one, fixtures, operation) for key, one in value.items()}
    return value


def _texts(value: str | tuple[str, ...], fixtures: Fixtures, operation: Operation) -> str | list[str]:
    texts = [str(_filled(one, fixtures, operation)) for one in ([value] if isinstance(value, str) else value)]
    return texts[0] if isinstance(value, str) else texts


def _known(fixtures: Fixtures, name: str, operation: Operation) -> str:
    found = fixtures.object_id(name, portal=operation.is_portal)
    if found is None:
        side = "customer" if operation.is_portal else "organization"
        has_token = fixtures.token(side) is not None
        remedy, item = (fixtures.unseen.get(name) or _need(name)) if has_token else way_to_token(side)
        not_checked(operation.id, f"it needs {item}", remedy, item)
    return found


def _need(name: str) -> Need:
    description = words_for(name)
    if description is None:
        return Remedy.MOCK, _ONLY_IN_WORLDS.get(name, "objects that live accounts do not have")
    return Remedy.ORDERS, description
