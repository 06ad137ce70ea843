"""Tracks the worlds that are created through a layer: tokens, ids and secrets of webhook endpoints. Plants no defect."""

from __future__ import annotations

from dataclasses import dataclass, field

from mutants.operators import Json, parsed
from mutants.proxy import Answer, Forward, Request


@dataclass(frozen=True, slots=True)
class SeenWorld:
    """One world as it was created: its document, and the answer with ids, tokens and secrets."""

    document: Json
    made: Json

    @property
    def tokens(self) -> dict[str, str]:
        """Tokens by name."""
        return dict(self.made.get("tokens", {}))

    def token_like(self, name: str) -> str | None:
        """A valid token with all rights of the same caller as the named token: the same customer or the organization."""
        described = self.document.get("tokens", {})
        wanted = described.get(name, {})
        for other, one in described.items():
            is_good = not one.get("scopes") and one.get("expires_in_seconds", 1) > 0 and other in self.tokens
            has_role = one.get("member") is None or self._role(one) != "member"
            same = one.get("kind") == wanted.get("kind") and one.get("customer") == wanted.get("customer")
            if is_good and has_role and same and other != name:
                return self.tokens[other]
        return None

    def name_of(self, token: str | None) -> str | None:
        """The name of a token of this world."""
        return next((name for name, one in self.tokens.items() if one == token), None)

    def describes(self, name: str) -> Json:
        """The document's description of a token."""
        return self.document.get("tokens", {}).get(name, {})

    def _role(self, token: Json) -> str | None:
        members = self.document.get("customers", {}).get(token.get("customer"), {}).get("members", {})
        role = members.get(token.get("member"), {}).get("role")
        return str(role) if role is not None else None


@dataclass(slots=True)
class Memory:
    """Every world that was created through the layer, newest last."""

    worlds: list[SeenWorld] = field(default_factory=list)

    def forwarded(self, request: Request, forward: Forward) -> Answer:
        """The mock's answer; a new world is recorded."""
        answer = forward(request)
        if request.is_on("POST", "/_mock/worlds") and answer.status == 201:
            self.worlds.append(SeenWorld(parsed(request.body) or {}, parsed(answer.body)))
        return answer

    def world_of(self, token: str | None) -> SeenWorld | None:
        """The world that a token belongs to."""
        return next((world for world in reversed(self.worlds) if world.name_of(token)), None)
