"""Fixtures: the objects and tokens that a check may use on a target, by name. Sends no requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.config.gaps import Remedy
from contract_tests.targets.control_api import World

Need = tuple[Remedy, str]
"""How a run gets what it lacks, and a description of that."""


@dataclass(frozen=True, slots=True)
class Fixtures:
    """Ids and tokens by name. On a live account `worlds` is empty and `account` is a line about its contents.

    `unseen` maps names of objects that may exist but could not be read to what would show them.
    """

    ids: Mapping[str, str]
    tokens: Mapping[str, str]
    worlds: tuple[World, ...] = ()
    account: str = ""
    unseen: Mapping[str, Need] = field(default_factory=dict)

    def object_id(self, name: str, *, portal: bool) -> str | None:
        """The id for a name such as `order:paid`, as seen from the portal or the organization; None when there is none."""
        if portal or self.worlds:
            return self.ids.get(name)
        return self.ids.get(f"organization_{name}")

    def token(self, credential: str) -> str | None:
        """The token for a name, or None; the nonsense tokens always exist."""
        return NONSENSE_TOKENS.get(credential) or self.tokens.get(credential)

    def object_ids(self, kind: str, *, portal: bool) -> list[str]:
        """Ids of all objects of a kind such as `order`, in the order of their names."""
        prefix = f"{kind}:" if portal or self.worlds else f"organization_{kind}:"
        return [self.ids[name] for name in sorted(self.ids) if name.startswith(prefix)]


def fixtures_of(worlds: tuple[World, ...]) -> Fixtures:
    """The combined fixtures of several worlds; names must not repeat between them."""
    ids = {name: one for world in worlds for name, one in world.ids.items()}
    tokens = {name: token for world in worlds for name, token in world.tokens.items()}
    return Fixtures(ids, tokens, worlds)
