"""What a check may use on a target: objects by name and tokens by name. Holds no requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract_tests.credentials import NONSENSE_TOKENS
from contract_tests.gaps import Remedy
from contract_tests.worlds import World

Need = tuple[Remedy, str]
"""How a run gets what it lacks, and that in words."""


@dataclass(frozen=True, slots=True)
class Fixtures:
    """Names to ids and tokens. On a live account `worlds` is empty and `account` a line on what was found.

    `unseen` are names of what may be there and could not be looked for: how a run would see it.
    """

    ids: Mapping[str, str]
    tokens: Mapping[str, str]
    worlds: tuple[World, ...] = ()
    account: str = ""
    unseen: Mapping[str, Need] = field(default_factory=dict)

    def object_id(self, name: str, *, portal: bool) -> str | None:
        """The id behind a name like `order:paid`, as seen from the portal or the organization; None when there is none."""
        if portal or self.worlds:
            return self.ids.get(name)
        return self.ids.get(f"organization_{name}")

    def token(self, credential: str) -> str | None:
        """The token behind a name, or None; nonsense tokens are always there."""
        return NONSENSE_TOKENS.get(credential) or self.tokens.get(credential)

    def object_ids(self, kind: str, *, portal: bool) -> list[str]:
        """Ids of all objects of a kind like `order`, in the order of their names."""
        prefix = f"{kind}:" if portal or self.worlds else f"organization_{kind}:"
        return [self.ids[name] for name in sorted(self.ids) if name.startswith(prefix)]


def fixtures_of(worlds: tuple[World, ...]) -> Fixtures:
    """One stage over several worlds; names must not repeat between them."""
    ids = {name: one for world in worlds for name, one in world.ids.items()}
    tokens = {name: token for world in worlds for name, token in world.tokens.items()}
    return Fixtures(ids, tokens, worlds)
