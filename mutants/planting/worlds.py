"""The worlds that are created through a layer: their documents, and the ids and tokens of their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mutants.planting.messages import asked, parsed
from mutants.planting.objects import Json
from mutants.planting.selecting import When
from mutants.proxy import Answer, Forward, Layer, Request


@dataclass(frozen=True, slots=True)
class SeenWorld:
    """One world as it was created: its document, and the answer with ids, tokens and secrets."""

    document: Json
    made: Json

    @property
    def tokens(self) -> dict[str, str]:
        """Tokens by name."""
        return dict(self.made.get("tokens", {}))

    def name_of(self, token: str | None) -> str | None:
        """The name of a token of this world."""
        return next((name for name, one in self.tokens.items() if one == token), None)

    def describes(self, name: str) -> Json:
        """The document's description of a token."""
        return self.document.get("tokens", {}).get(name, {})

    def is_good(self, name: str) -> bool:
        """Whether the token is valid and has all scopes."""
        described = self.describes(name)
        return not described.get("scopes") and described.get("expires_in_seconds", 1) > 0

    def has_role(self, name: str) -> bool:
        """Whether the token's owner is no plain member."""
        token = self.describes(name)
        members = self.document.get("customers", {}).get(token.get("customer"), {}).get("members", {})
        return token.get("member") is None or members.get(token.get("member"), {}).get("role") != "member"


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


def world(sections: Json, when: When, data: Mapping[str, Json]) -> Layer:
    """Every world is created with other values in these sections."""

    def layer(request: Request, forward: Forward) -> Answer:
        if not request.is_on("POST", "/_mock/worlds"):
            return forward(request)
        document = parsed(request.body)
        changed = {name: {**document.get(name, {}), **values} for name, values in sections.items()}
        return forward(asked(request, "POST", request.path, {**document, **changed}))

    return layer
