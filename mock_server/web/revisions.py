"""The revisions that a server serves: each with its routes, its rules and its responses, prepared before its first request.

A revision is loaded when it is first needed: the default one at start, another one for the first world whose service serves it.
So one that can't be served stops the worlds that need it, and no others.
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
from mock_server.web.cors import Preflights, cors_headers
from mock_server.web.exchange import Answer, Headers
from mock_server.web.problems import Problems
from polar_contract import ContractError
from polar_contract.behaviour import Behaviour
from polar_contract.loading import RequestContract, load_requests


@dataclass(frozen=True, slots=True)
class ServedRevision:
    """What a request of one revision needs, prepared before the first of them."""

    behaviour: Behaviour
    routes: RouteTable
    problems: Problems
    preflights: Preflights
    headers: Headers
    """What every response has, unless it has a header of this name already."""
    cors_headers: Headers
    """What a response to a page of any origin has."""
    version_variable: str | None
    """WSGI's name of the request header that chooses a revision; None where the service has none."""

    def completed(self, answer: Answer) -> Answer:
        """The answer with the headers of every response."""
        own = {name.lower() for name, _ in answer.headers}
        return answer.with_headers(*(header for header in self.headers if header[0].lower() not in own))


class ServedRevisions:
    """Loads revisions. `spec`: their folder, None for the one that `spec_folder` finds."""

    def __init__(self, functions: Mapping[str, ApiOperation], *, spec: Path | None = None) -> None:
        self.body_limit_bytes = 0
        """The largest body that a loaded revision takes."""
        self._loaded: dict[str, ServedRevision] = {}
        self._functions = functions
        self._spec = spec
        self._lock = Lock()

    @property
    def loaded(self) -> tuple[ServedRevision, ...]:
        """Those that worlds or the server itself needed so far."""
        return tuple(dict(self._loaded).values())

    def behaviour_of(self, revision: str) -> Behaviour:
        """The rules of a revision, from now on served. Errors: RevisionNotServed."""
        return self.served(revision).behaviour

    def operations_of(self, revision: str) -> Mapping[str, str]:
        """The operations of a revision, by id, with their paths. Errors: RevisionNotServed."""
        return self.served(revision).routes.operations

    def served(self, revision: str) -> ServedRevision:
        """A revision, loaded unless it is. Errors: RevisionNotServed."""
        found = self._loaded.get(revision)
        # Without the lock if it is loaded: loading another one may take seconds.
        if found is None:
            with self._lock:
                found = self._loaded.get(revision) or self._load(revision)
                self._loaded[revision] = found
                self.body_limit_bytes = max(self.body_limit_bytes, found.behaviour.request.body_limit_bytes)
        return found

    def _load(self, revision: str) -> ServedRevision:
        try:
            contract = load_requests(revision, spec=self._spec)
        except ContractError as problem:
            raise RevisionNotServed(revision, str(problem)) from None
        behaviour, header = contract.behaviour, contract.behaviour.request.version_header
        return ServedRevision(
            behaviour,
            self._routes(contract),
            Problems(behaviour.error),
            Preflights(behaviour.response),
            (*behaviour.response.headers, *([(header, revision)] if header else [])),
            cors_headers(behaviour.response),
            f"HTTP_{header.upper().replace('-', '_')}" if header else None,
        )

    def _routes(self, contract: RequestContract) -> RouteTable:
        """The routes of the operations that the revision's document has. Errors: RevisionNotServed."""
        without = [name for name in operation_ids(contract.document) if name not in self._functions]
        if without:
            reason = f"its document has operations without a function in mock_server/web/api: {', '.join(without)}"
            raise RevisionNotServed(contract.revision, reason)
        try:
            return RouteTable(read_operations(contract.document, contract.behaviour))
        except UnsupportedSchema as problem:
            raise RevisionNotServed(contract.revision, str(problem)) from None
