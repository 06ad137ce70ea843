"""The published document of a revision at `/2026-10/openapi.json`, as the service has it; `/openapi.json` where there were no versions."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from mock_server.web.exchange import Answer, Incoming
from polar_contract import load_contract
from polar_contract.revisions import Revision

_PATH_END = "/openapi.json"
_PATH = re.compile(r"(?:/(\d{4}-\d{2}))?/openapi\.json")


class PublishedDocuments:
    """Finds the document that a request asks for; `spec`: the folder of the revisions, None for the bundled one.

    `own`: the server's own revision, whose document is at the path without a version if requests can't choose one.
    """

    def __init__(self, known: Sequence[Revision], own: str, spec: Path | None) -> None:
        self._dated = frozenset(revision.revision for revision in known if revision.versions is not None)
        self._undated = own if own not in self._dated else None
        self._written = lru_cache(maxsize=None)(lambda revision: _written(revision, spec))

    def find(self, incoming: Incoming) -> Answer | None:
        """None for any other path or method, and for a version that there is not."""
        if not incoming.path.endswith(_PATH_END) or incoming.method != "GET":
            return None
        found = _PATH.fullmatch(incoming.path)
        version = found and found[1]
        revision = (version if version in self._dated else None) if version else self._undated
        return Answer(200, self._written(revision)) if found and revision else None


def _written(revision: str, spec: Path | None) -> bytes:
    return json.dumps(load_contract(revision, spec=spec).published, ensure_ascii=False, separators=(",", ":")).encode()
