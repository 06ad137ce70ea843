"""The revisions that a server serves: each with its routes, its rules and its responses, prepared before its first request.

A revision is loaded when it is first needed: the default one at start, another one for its first world. So a start takes the
same time however many revisions there are, and one that can't be served stops no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from mock_server.contract.errors import UnsupportedSchema
from mock_server.contract.operations import operation_ids, read_operations
from mock_server.contract.routes import RouteTable
from mock_server.services.context import RevisionNotServed
from mock_server.web.api.calls import ApiOperation
from mock_server.web.cors import Preflights
from mock_server.web.exchange import Headers
from mock_server.web.problems import Problems
from polar_contract import Contract, ContractError, load_contract
from polar_contract.behaviour import Behaviour


@dataclass(frozen=True, slots=True)
class ServedRevision:
    behaviour: Behaviour
    routes: RouteTable
    problems: Problems
    preflights: Preflights
    headers: Headers
    """What every response has."""


class ServedRevisions:
    """Loads revisions. `spec`: their folder, None for the one that `spec_folder` finds."""

    def __init__(self, functions: Mapping[str, ApiOperation], *, spec: Path | None = None) -> None:
        self.loaded: dict[str, ServedRevision] = {}
        """Those that were needed so far, by name; every revision of a world is among them."""
        self._functions = functions
        self._spec = spec
        self._lock = Lock()

    def serve(self, revision: str) -> Behaviour:
        """Load a revision, unless it is loaded; returns its rules. Errors: RevisionNotServed."""
        # Without the lock if it is loaded: loading another one may take seconds.
        if revision not in self.loaded:
            with self._lock:
                if revision not in self.loaded:
                    self.loaded[revision] = self._load(revision)
        return self.loaded[revision].behaviour

    def _load(self, revision: str) -> ServedRevision:
        try:
            contract = load_contract(revision, spec=self._spec)
        except ContractError as problem:
            raise RevisionNotServed(revision, str(problem)) from None
        behaviour = contract.behaviour
        return ServedRevision(
            behaviour,
            self._routes(contract),
            Problems(behaviour.error),
            Preflights(behaviour.response),
            behaviour.response.headers,
        )

    def _routes(self, contract: Contract) -> RouteTable:
        """The routes of the operations that the revision's document has. Errors: RevisionNotServed."""
        without = [name for name in operation_ids(contract.resolved) if name not in self._functions]
        if without:
            reason = f"its document has operations without a function in mock_server/web/api: {', '.join(without)}"
            raise RevisionNotServed(contract.revision, reason)
        try:
            return RouteTable(read_operations(contract.resolved, contract.behaviour))
        except UnsupportedSchema as problem:
            raise RevisionNotServed(contract.revision, str(problem)) from None
