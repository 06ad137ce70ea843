"""The table of token spellings: which ways of sending a token are valid. On a mock server only, because it alters tokens.

Source: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.runner.context import RunContext
from contract_tests.targets.fixtures import Fixtures

_LISTS = {"customer": "customer_portal:orders:list", "organization": "orders:list"}
_PREFIX = len("polar_cst_")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of sending a token. `header` and `query` are built from a valid token; `error` None means status 200."""

    says: str
    error: str | None
    header: Callable[[str], str] | None = None
    query: Callable[[str], Mapping[str, str]] | None = None


SPELLINGS = (
    Spelling("bearer in lower case", None, lambda token: f"bearer {token}"),
    Spelling("bearer in capitals", None, lambda token: f"BEARER {token}"),
    Spelling("more than one blank", None, lambda token: f"Bearer   {token}"),
    Spelling("another scheme", "Unauthorized", lambda token: f"Basic {token}"),
    Spelling("no scheme", "Unauthorized", lambda token: token),
    Spelling("a scheme and no token", "Unauthorized", lambda _: "Bearer"),
    Spelling("another last character", "invalid_token", lambda token: f"Bearer {token[:-1]}{_other(token[-1])}"),
    Spelling("the last character missing", "invalid_token", lambda token: f"Bearer {token[:-1]}"),
    Spelling("one character too many", "invalid_token", lambda token: f"Bearer {token}0"),
    Spelling("half of it", "invalid_token", lambda token: f"Bearer {token[: len(token) // 2]}"),
    Spelling("another case", "invalid_token", lambda token: f"Bearer {token[:_PREFIX]}{token[_PREFIX:].swapcase()}"),
    Spelling("in the query", "Unauthorized", query=lambda token: {"access_token": token, "token": token}),
)


def check_spelling(context: RunContext, fixtures: Fixtures, spelling: Spelling, *, who: str) -> None:
    """Request a list with the token in this spelling. Errors: ContractBroken; skips on a live target."""
    if not context.target.is_mock:
        not_checked(
            "spellings of tokens", "a live target is not sent altered tokens", Remedy.MOCK, "spellings of tokens"
        )
    token = fixtures.tokens[who]
    headers = {"Authorization": spelling.header(token)} if spelling.header else {}
    query = dict(spelling.query(token)) if spelling.query else None
    path = context.operations.by_id[_LISTS[who]].url_path("")
    exchange = context.client.send_to("GET", path, headers=headers, query=query)
    context.rules.check(exchange, status=401 if spelling.error else 200, error=spelling.error)


def _other(character: str) -> str:
    return "a" if character != "a" else "b"
