"""Read the name of a snapshot."""

from __future__ import annotations

import re

from mock_server.documents.errors import DocumentInvalid, Problem, Problems, shown
from mock_server.documents.fields import Fields
from polar_contract.json_types import JsonObject

# A name is part of a path: clients encode most other characters, and take `.` and `..` away.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WANTED = "up to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit"


def read_snapshot_name(body: JsonObject) -> str:
    """Errors: DocumentInvalid."""
    problems = Problems()
    fields = Fields(body, "", known=("name",), problems=problems)
    name = fields.text("name")
    problems.raise_if_any()
    if name is None or not _NAME.fullmatch(name):
        what = "is missing" if name is None else f"is {shown(name)}"
        raise DocumentInvalid((Problem("name", f"{what}; a snapshot's name has {_WANTED}"),))
    return name
