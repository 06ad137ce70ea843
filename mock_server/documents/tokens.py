"""A token in a document: read it, build it into a world, and write it back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from mock_server.documents.errors import Problems, shown
from mock_server.documents.fields import MOST_SECONDS, Fields
from mock_server.documents.identities import Identities
from mock_server.documents.names import Names, keys_by_id, member_keys
from mock_server.documents.schema import TOKEN_KINDS, TokenDocument
from mock_server.domain.sessions import (
    ORGANIZATION_SCOPES,
    SESSION_SCOPES,
    TOKEN_PREFIXES,
    Credential,
    CredentialKind,
)
from mock_server.store.tables import Tables
from polar_contract.json_types import JsonObject, JsonValue

TOKEN_KEYS = ("kind", "token", "customer", "member", "scopes", "expires_in_seconds", "return_url")
_KIND_NAMES = {kind: name for name, kind in TOKEN_KINDS.items()}
# Characters that an Authorization header can carry after `Bearer`. Source: RFC 6750.
_SENDABLE = re.compile(r"[A-Za-z0-9._~+/=-]+")


def parse_token(value: JsonValue, names: Names) -> TokenDocument:
    """Read a single token. Errors: DocumentInvalid with every problem and its path."""
    problems = Problems()
    document = read_token(Fields(value, "", known=TOKEN_KEYS, problems=problems), names)
    problems.raise_if_any()
    return document


def read_token(fields: Fields, names: Names) -> TokenDocument:
    kind = _read_kind(fields)
    token = fields.text("token")
    prefix = TOKEN_PREFIXES[kind or CredentialKind.CUSTOMER_SESSION]
    if kind and token is not None and not _is_sendable(token, prefix):
        fields.complain("token", f"has to be {prefix} and letters, digits or any of ._~+/=- after it")
    customer = names.refer(fields, "customer", needed=kind in _PORTAL_KINDS)
    is_member = kind is CredentialKind.MEMBER_SESSION
    scopes = fields.texts("scopes")
    return TokenDocument(
        kind=kind or CredentialKind.CUSTOMER_SESSION,
        token=token,
        customer=customer,
        member=_read_member(fields, names, customer, needed=is_member),
        scopes=None if scopes is None else frozenset(scopes),
        expires_in_seconds=fields.number("expires_in_seconds"),
        return_url=fields.text("return_url"),
    )


def _read_member(fields: Fields, names: Names, customer: str | None, *, needed: bool) -> str | None:
    if customer is not None:
        return names.refer_to_member(fields, customer, needed=needed)
    # Without a customer no name can be found, but a value that is no name is reported.
    fields.text("member")
    return None


_PORTAL_KINDS = (CredentialKind.CUSTOMER_SESSION, CredentialKind.MEMBER_SESSION)


def _read_kind(fields: Fields) -> CredentialKind | None:
    possible = f"one of: {', '.join(TOKEN_KINDS)}"
    value = fields.raw("kind")
    if value is None:
        fields.complain_missing("kind", possible)
    elif not isinstance(value, str) or value not in TOKEN_KINDS:
        fields.complain("kind", f"is {shown(value)}; {possible}")
    else:
        return TOKEN_KINDS[value]
    return None


def _is_sendable(token: str, prefix: str) -> bool:
    return token.startswith(prefix) and bool(_SENDABLE.fullmatch(token.removeprefix(prefix)))


def build_token(
    document: TokenDocument,
    *,
    path: str,
    tables: Tables,
    ids: Mapping[str, str],
    identities: Identities,
    now: datetime,
    lifetime: timedelta,
) -> Credential:
    """Build the credential that a document describes, in a world that has its customer. Errors: NameTaken.

    `lifetime` applies to sessions that give none; an organization's token does not expire.
    """
    is_organization = document.kind is CredentialKind.ACCESS_TOKEN
    seconds = document.expires_in_seconds
    lasts = timedelta(seconds=seconds) if seconds is not None else None if is_organization else lifetime
    return Credential(
        id=identities.new_id(),
        token=identities.token(document.token, TOKEN_PREFIXES[document.kind], f"{path}token"),
        kind=document.kind,
        created_at=now,
        scopes=_scopes(document),
        expires_at=None if lasts is None else now + lasts,
        customer_id=ids[f"customer:{document.customer}"] if document.customer and not is_organization else None,
        member_id=_member_id(document, tables, ids),
        return_url=document.return_url,
    )


def _scopes(document: TokenDocument) -> frozenset[str]:
    if document.scopes is not None:
        return document.scopes
    return ORGANIZATION_SCOPES if document.kind is CredentialKind.ACCESS_TOKEN else SESSION_SCOPES


def _member_id(document: TokenDocument, tables: Tables, ids: Mapping[str, str]) -> str | None:
    if document.kind is not CredentialKind.MEMBER_SESSION:
        return None
    customer = tables.customers[ids[f"customer:{document.customer}"]]
    names = member_keys(keys_by_id(ids), customer)
    return next(id_ for id_, key in names.items() if key == document.member)


def write_token(credential: Credential, *, tables: Tables, keys: Mapping[str, str], now: datetime) -> JsonObject:
    """`keys`: names by id, without their kind."""
    written: JsonObject = {
        "kind": _KIND_NAMES[credential.kind],
        "token": credential.token,
        "scopes": list[JsonValue](sorted(credential.scopes)),
        "expires_in_seconds": _seconds_left(credential, now),
        "return_url": credential.return_url,
    }
    if credential.customer_id is not None:
        customer = tables.customers[credential.customer_id]
        written["customer"] = keys[customer.id]
        if credential.member_id is not None:
            written["member"] = member_keys(keys, customer)[credential.member_id]
    return written


def _seconds_left(credential: Credential, now: datetime) -> float | None:
    """Seconds left, limited to what a document can express: the world's clock may be set to any time."""
    if credential.expires_at is None:
        return None
    return max(-MOST_SECONDS, min(MOST_SECONDS, (credential.expires_at - now).total_seconds()))
