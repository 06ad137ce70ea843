"""Creates worlds on a mock through the documented control API. Sends nothing to any other target."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import requests
import yaml

from contract_tests.config.credentials import placeholder
from contract_tests.config.errors import CannotRun
from contract_tests.config.network import DIRECT, Route
from contract_tests.transport.timeouts import DeadlineSession
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object

# So many problems of a refused document are said; the first ones tell most.
_MOST_PROBLEMS = 3


class Control:
    """The control API of one mock."""

    def __init__(
        self,
        base_url: str,
        learn_secret: Callable[[str, str], None],
        timeout_seconds: float,
        *,
        route: Route = DIRECT,
        key: str | None = None,
    ) -> None:
        self.base_url = base_url
        self.learn_secret = learn_secret
        self._session = DeadlineSession(timeout_seconds, route=route)
        if key is not None:
            self._session.headers["X-Mock-Key"] = key

    def close(self) -> None:
        """Close its connections."""
        self._session.close()

    def create_world(self, name: str, *, revision: str, changes: JsonObject | None = None) -> World:
        """A new world from one of the bundled documents; `changes` replaces sections of it. Errors: CannotRun."""
        return self.create({**world_document(name), **(changes or {}), "revision": revision})

    def create(self, document: JsonObject) -> World:
        """A new world from any document. Errors: CannotRun."""
        made = as_object(self.call("POST", "/_mock/worlds", document))
        tokens = _texts(made.get("tokens"))
        for key, token in tokens.items():
            self.learn_secret(token, placeholder(key))
        secrets = _texts(made.get("webhook_secrets"))
        for key, secret in secrets.items():
            self.learn_secret(secret, f"<secret of {key}>")
        if "id" not in made:
            raise CannotRun("The mock did not create a world: its response has no id; is it a mock of this version?")
        return World(self, str(made["id"]), _texts(made.get("ids")), tokens, secrets)

    def token_of(self, world_id: str, name: str) -> str:
        """The world's token of this name. Errors: CannotRun."""
        world = as_object(self.call("GET", f"/_mock/worlds/{world_id}"))
        token = str(as_object(as_object(world.get("tokens")).get(name)).get("token"))
        self.learn_secret(token, placeholder(name))
        return token

    def call(self, method: str, path: str, body: JsonValue = None) -> JsonValue:
        """The parsed response of one control call. Errors: CannotRun when the mock refuses or does not answer."""
        try:
            answer = self._session.request(method, self.base_url + path, json=body)
            parsed: JsonValue = answer.json() if answer.content else None
        except requests.RequestException as problem:
            raise CannotRun(f"The mock did not answer {method} {path} ({type(problem).__name__}).") from problem
        if answer.status_code == 401:
            raise CannotRun("The mock requires its key; set POLAR_MOCK_KEY to the key that it printed at start.")
        if answer.status_code >= 300:
            raise CannotRun(f"The mock refused {method} {path} ({answer.status_code}): {_refusal(as_object(parsed))}.")
        return parsed


@dataclass(frozen=True, slots=True)
class World:
    """One world on the mock: its ids by `kind:key`, its tokens by name, secrets by the endpoint's name."""

    control: Control
    id: str
    ids: Mapping[str, str]
    tokens: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def settle(self) -> None:
        """Run all background work now; the clock does not move."""
        self.control.call("POST", f"/_mock/worlds/{self.id}/settle")

    def advance(self, seconds: float) -> None:
        """Move the world's clock forward; work that becomes due runs."""
        self.control.call("PATCH", f"/_mock/worlds/{self.id}/clock", {"advance_seconds": seconds})

    def hold_clock(self) -> None:
        """Stop the world's clock between calls."""
        self.control.call("PATCH", f"/_mock/worlds/{self.id}/clock", {"mode": "held"})

    def delete(self) -> None:
        """Remove the world from the mock."""
        self.control.call("DELETE", f"/_mock/worlds/{self.id}")


def world_document(name: str) -> JsonObject:
    """A copy of one of the bundled world documents, which the caller may change."""
    document: JsonObject = json.loads(_document_text(name))
    return document


@cache
def _document_text(name: str) -> str:
    """The document as JSON text: a run creates hundreds of worlds, and parsing YAML takes longer than creating one."""
    text = resources.files(__package__).joinpath("worlds", f"{name}.yaml").read_text("utf-8")
    return json.dumps(yaml.safe_load(text))


def _refusal(answer: JsonObject) -> str:
    """What a control call is refused for: the places and messages of the first problems, else the detail."""
    listed = [as_object(one) for one in as_list(answer.get("problems"))]
    more = answer.get("more_problems")
    unsaid = max(0, len(listed) - _MOST_PROBLEMS) + (more if isinstance(more, int) else 0)
    said = [f"{one.get('path')}: {one.get('message')}" for one in listed[:_MOST_PROBLEMS]]
    if not said:
        return str(answer.get("detail") or "it does not say why").rstrip(".")
    return "; ".join(said) + (f"; and {unsaid} more" if unsaid else "")


def _texts(value: JsonValue) -> dict[str, str]:
    return {key: str(text) for key, text in as_object(value).items()}
