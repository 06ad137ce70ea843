"""Credentials: their names, where the tokens of a live account come from, and tokens that can never be valid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum

from contract_tests.config.errors import CannotRun
from contract_tests.config.gaps import Remedy


class Kind(StrEnum):
    """The kinds of token that a user can give for a live account."""

    CUSTOMER = "customer"
    MEMBER = "member"
    ORGANIZATION = "organization"


NOBODY = "nobody"

# Correct prefix and length, wrong checksum: no service ever issued them.
NONSENSE_TOKENS: Mapping[str, str] = {
    "unknown_customer": "polar_cst_" + "Nonsense" * 5 + "000",
    "unknown_member": "polar_mst_" + "Nonsense" * 5 + "000",
    "unknown_organization": "polar_oat_" + "Nonsense" * 5 + "000",
}
# Prefixes of tokens by kind. Source: facts of the service, April 2026.
_PREFIXES: Mapping[str, str] = {
    "polar_cst_": "a customer session's",
    "polar_mst_": "a member session's",
    "polar_oat_": "an organization's",
    "polar_pat_": "a person's",
}
# A member's session is also valid for the customer's routes.
_FITTING: Mapping[str, frozenset[str]] = {
    Kind.CUSTOMER: frozenset({"polar_cst_", "polar_mst_"}),
    Kind.MEMBER: frozenset({"polar_mst_"}),
    Kind.ORGANIZATION: frozenset({"polar_oat_", "polar_pat_"}),
}
_ACCEPTABLE = re.compile(r"[\x21-\x7e]{8,}")


def placeholder(name: str) -> str:
    """The placeholder for a token in all output, such as `<customer token>`."""
    return f"<{name.replace('_', ' ')} token>"


def wrong_kind(kind: str, token: str) -> str | None:
    """The message for a token whose prefix belongs to another kind than `kind`; None when it may be right."""
    prefix = next((one for one in _PREFIXES if token.startswith(one)), None)
    if prefix is None or prefix in _FITTING[kind]:
        return None
    return f"it begins with {prefix}, so it is {_PREFIXES[prefix]}"


def way_to_token(name: str) -> tuple[Remedy, str]:
    """How a run gets the token of this name (from the user, or only on a mock), and the token's description."""
    known = _GIVEN.get(name)
    if known is not None:
        return Remedy.TOKENS, known
    kind = next((words for part, words in _WORLDS_OWN.items() if part in name), "sessions that no option can provide")
    return Remedy.MOCK, kind


_GIVEN: Mapping[str, str] = {
    "customer": "a customer's token (POLAR_CUSTOMER_TOKEN, or let a session be opened)",
    "organization": "an organization's token (POLAR_ORGANIZATION_TOKEN)",
    "member_owner": "a session of a member who is owner (POLAR_MEMBER_TOKEN)",
    "member_billing": "a session of a member who is billing manager (POLAR_MEMBER_TOKEN)",
    "member_plain": "a session of a member without a billing role (POLAR_MEMBER_TOKEN)",
}
_WORLDS_OWN: Mapping[str, str] = {
    "expired": "expired tokens",
    "limited": "request limits",
    "read": "tokens of few scopes",
    "writer": "tokens of few scopes",
    "scopeless": "tokens of few scopes",
}


def environment_variable(kind: Kind) -> str:
    """The environment variable of this kind, such as `POLAR_CUSTOMER_TOKEN`."""
    return f"POLAR_{kind.upper()}_TOKEN"


def misspelt(environment: Mapping[str, str]) -> str:
    """A sentence about a variable that is not read and may have been meant for a token; empty when there is none."""
    wanted = {environment_variable(kind): kind for kind in Kind}
    for name, value in environment.items():
        cutoff = 0.5 if name.startswith("POLAR_") and "TOKEN" in name else 0.8
        near = get_close_matches(name, wanted, n=1, cutoff=cutoff)
        if name not in wanted and near:
            prefix = next((one for one in _PREFIXES if value.startswith(one)), None)
            kind = next((one for one in Kind if prefix in _FITTING[one]), wanted[near[0]])
            return f"{name} is set, which is not read; did you mean {environment_variable(kind)}?"
    return ""


def collect_tokens(
    options: Iterable[str], environment: Mapping[str, str], *, option: str = "--token"
) -> dict[str, str]:
    """Tokens by kind, from KIND=TOKEN options and the environment; options win. `option` is its name in messages.

    Errors: CannotRun for an unknown kind or a malformed token. The message never contains the token.
    """
    found = {
        str(kind): environment[environment_variable(kind)]
        for kind in Kind
        if environment.get(environment_variable(kind))
    }
    for given in options:
        name, separator, token = given.partition("=")
        if not separator or name not in set(Kind):
            raise CannotRun(f"{option} takes KIND=TOKEN with KIND one of: {', '.join(Kind)}.")
        found[name] = token
    for name, token in found.items():
        if not _ACCEPTABLE.fullmatch(token):
            raise CannotRun(
                f"The {name} token is empty, too short, or contains spaces or other characters that no token has."
            )
    return found
