"""Add and revoke tokens of a world by their names."""

from __future__ import annotations

from dataclasses import replace

from mock_server.documents.names import names_of, token_names
from mock_server.documents.tokens import build_token, parse_token
from mock_server.domain.sessions import Credential
from mock_server.services.context import Services
from mock_server.services.identities import identities_of
from mock_server.store.errors import NameTaken, TokenUnknown
from mock_server.store.state import World
from polar_contract.json_types import JsonObject


def add_token(services: Services, world: World, *, key: str, body: JsonObject) -> Credential:
    """Add the token that a document describes.

    Errors: DocumentInvalid; NameTaken for a key or a token in use.
    """
    with world.changing() as transaction:
        if key in token_names(world.state).values():
            raise NameTaken("key", key, path="key")
        credential = build_token(
            parse_token(body, names_of(world)),
            path="",
            tables=world.tables,
            ids=world.ids,
            identities=identities_of(services),
            now=world.clock.now(),
            lifetime=world.policies.session_lifetime,
        )
        transaction.put(credential)
        transaction.tokens = {**world.tokens, key: credential.token}
    services.worlds.learn_token(credential, world)
    return credential


def revoke_token(world: World, key: str) -> None:
    """Revoke a token: it is rejected from now on like an unknown one, and its key is free again. Errors: TokenUnknown."""
    with world.changing() as transaction:
        by_key = {name: token for token, name in token_names(world.state).items()}
        if key not in by_key:
            raise TokenUnknown(key, tuple(by_key))
        transaction.put(replace(world.tables.credentials[by_key[key]], is_revoked=True))
        transaction.tokens = {name: token for name, token in world.tokens.items() if name != key}
