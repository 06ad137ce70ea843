"""The variables of `polar-mock exec` and `serve --env-file`: addresses, and a world's tokens, ids and secrets by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mock_server.domain.sessions import CredentialKind
from mock_server.store.state import World

SERVER_URL = "POLAR_SERVER_URL"
ACCESS_TOKEN = "POLAR_ACCESS_TOKEN"  # noqa: S105  a name
CONTROL_URL = "POLAR_CONTROL_URL"
WORLD_ID = "POLAR_WORLD_ID"
MOCK_KEY = "POLAR_MOCK_KEY"
TOKEN = "POLAR_TOKEN_"  # noqa: S105  a name
ID = "POLAR_ID_"
WEBHOOK_SECRET = "POLAR_WEBHOOK_SECRET_"  # noqa: S105  a name
_SET_BY_US = (SERVER_URL, ACCESS_TOKEN, CONTROL_URL, WORLD_ID)
_PREFIXES = (TOKEN, ID, WEBHOOK_SECRET)
_NO_NAME = re.compile(r"[^A-Z0-9]+")


class SameVariable(Exception):
    """Two names of a world would be one variable; the message names all three."""


class NotOneLine(Exception):
    """A value has a line feed; the message names the variable."""


def environment(inherited: Mapping[str, str], world: World, base_url: str, control_key: str | None) -> dict[str, str]:
    """The inherited variables, with those of the mock instead of any that have their names: no real token stays. Errors: SameVariable."""
    kept = {
        name: value for name, value in inherited.items() if name not in _SET_BY_US and not name.startswith(_PREFIXES)
    }
    return {**kept, **variables(world, base_url, control_key)}


def lines(found: Mapping[str, str]) -> str:
    """A line NAME=VALUE for each, as GITHUB_ENV and `docker run --env-file` read them: nothing is quoted. Errors: NotOneLine."""
    for name, value in found.items():
        if len(value.splitlines()) > 1:
            raise NotOneLine(f"{name} has a line feed, which a file of variables can't have")
    return "\n".join(f"{name}={value}" for name, value in found.items())


def variables(world: World, base_url: str, control_key: str | None = None) -> dict[str, str]:
    """The variables of a world, and the key of the control API if it needs one. Errors: SameVariable."""
    access_token = _access_token(world)
    secrets = (
        (name.removeprefix("endpoint:"), world.tables.endpoints[id_].secret.text)
        for name, id_ in world.ids.items()
        if name.startswith("endpoint:")
    )
    return {
        SERVER_URL: base_url,
        CONTROL_URL: f"{base_url}/_mock",
        WORLD_ID: world.id,
        **({} if control_key is None else {MOCK_KEY: control_key}),
        **({} if access_token is None else {ACCESS_TOKEN: access_token}),
        **_named(TOKEN, world.world_seed.tokens.items()),
        **_named(ID, world.ids.items()),
        **_named(WEBHOOK_SECRET, secrets),
    }


def _access_token(world: World) -> str | None:
    """The first token of the organization that the document has, and that is valid now."""
    valid = (
        one.token
        for one in world.world_seed.credentials
        if one.kind is CredentialKind.ACCESS_TOKEN and one.is_valid_at(world.clock.now())
    )
    return next(valid, None)


def _named(prefix: str, values: Iterable[tuple[str, str]]) -> dict[str, str]:
    """`order:paid` becomes ORDER_PAID. Errors: SameVariable."""
    names: dict[str, str] = {}
    named: dict[str, str] = {}
    for name, value in values:
        variable = prefix + _NO_NAME.sub("_", name.upper())
        if variable in named:
            raise SameVariable(f"{names[variable]!r} and {name!r} would both be {variable}; rename one of them")
        names[variable], named[variable] = name, value
    return named
