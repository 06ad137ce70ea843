"""Reads a published OpenAPI document from a file or from a URL; a URL gets one GET without any token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from contract_tests.config.errors import CannotRun
from contract_tests.config.network import NO_NETWORK, Network, usable_network
from contract_tests.config.permissions import DEFAULT_PERMISSIONS, Limits
from contract_tests.config.settings import DEFAULT_TIMEOUT_SECONDS, checked_url
from contract_tests.targets.messages import unreachable
from contract_tests.transport.budgets import Budget
from contract_tests.transport.exchanges import Ledger
from contract_tests.transport.guards import OnlyWhatIsAllowed, Unlimited
from contract_tests.transport.session import GuardedSession, NoAnswer
from polar_contract import ContractError
from polar_contract.documents import parse_mapping, read_bytes
from polar_contract.json_types import JsonObject
from polar_contract.operations import Operations

_OPTION = "--against"
_FORMS = ("3.1", "3.2")
_NO_OPERATIONS: JsonObject = {"paths": {}}


@dataclass(frozen=True, slots=True)
class Address:
    """A URL in two parts; the session is bound to the first."""

    base_url: str
    target: str

    @property
    def url(self) -> str:
        return self.base_url + self.target

    @property
    def shown(self) -> str:
        """Without the query, which may contain a key."""
        return self.url.partition("?")[0]


def address_in(text: str, *, production: bool) -> Address | None:
    """The address if the text is a URL; None for the name of a file. Errors: CannotRun for a URL that can't be used."""
    if "://" not in text:
        return None
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        raise CannotRun(f"{_OPTION} {text!r} is not a URL; give it like https://sandbox-api.polar.sh/...") from None
    base_url = checked_url(f"{parts.scheme}://{parts.netloc}", production=production, option=_OPTION)
    return Address(base_url, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


@dataclass(frozen=True, slots=True)
class Fetching:
    """How a URL is read."""

    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    network: Network = NO_NETWORK


def fetching_for(address: Address | None, timeout: float, ca_bundle: str | None, env: Mapping[str, str]) -> Fetching:
    """The settings for an address. Errors: CannotRun for a proxy or a certificate that can't be used."""
    if address is None:
        return Fetching(timeout)
    return Fetching(timeout, usable_network(ca_bundle, env, address.base_url))


def read_document(source: str, address: Address | None, fetching: Fetching) -> JsonObject:
    """The parsed document. Errors: CannotRun with a sentence."""
    shown = source if address is None else address.shown
    try:
        raw = read_bytes(Path(source)) if address is None else _got(address, fetching)
        document = _parsed(raw, shown)
    except ContractError as problem:
        raise CannotRun(f"{problem}.") from problem
    except RecursionError as problem:
        raise CannotRun(f"{shown} is nested too deeply for an OpenAPI document.") from problem
    form = document.get("openapi")
    if not isinstance(form, str) or not isinstance(document.get("paths"), dict):
        raise CannotRun(f"{shown} is not an OpenAPI document: it needs `openapi` and `paths`.")
    if not form.startswith(_FORMS):
        raise CannotRun(f"{shown} is written in OpenAPI {form[:20]}; only {' and '.join(_FORMS)} can be compared.")
    return document


def _got(address: Address, fetching: Fetching) -> bytes:
    session = GuardedSession(
        address.base_url,
        operations=Operations(_NO_OPERATIONS, _NO_OPERATIONS),
        ledger=Ledger(),
        guard=OnlyWhatIsAllowed(DEFAULT_PERMISSIONS),
        pace=Unlimited(),
        budget=Budget(Limits(max_requests=1)),
        timeout_seconds=fetching.timeout_seconds,
        network=fetching.network,
    )
    with session:
        try:
            answer = session.get(address.url, headers={"Accept": "application/json"})
        except NoAnswer as problem:
            raise CannotRun(unreachable(address.base_url, problem, through=session.through)) from problem
        except requests.RequestException as problem:
            raise CannotRun(f"{_OPTION} {address.shown!r} can't be requested ({type(problem).__name__}).") from problem
    if answer.status_code != 200:
        hint = "; is it the right address?" if answer.status_code in (301, 302, 307, 308, 404) else ""
        raise CannotRun(f"{address.shown} answered {answer.status_code} and no document{hint}")
    return answer.content


def _parsed(raw: bytes, source: str) -> JsonObject:
    """JSON is read as such, which for a large document is a hundred times faster. Errors: DocumentUnreadable; RecursionError."""
    try:
        document = json.loads(raw)
    except ValueError:
        return parse_mapping(raw, source)
    return document if isinstance(document, dict) else {}
