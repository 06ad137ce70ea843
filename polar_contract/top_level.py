"""Check that a mapping is a supported OpenAPI document: version 3.1, with some content."""

from __future__ import annotations

import re

from polar_contract.json_types import JsonObject
from polar_contract.problems import Problem

_READ = re.compile(r"3\.1\.\d+(-.+)?")


def top_level_problem(document: JsonObject, file: str) -> Problem | None:
    """The problem that prevents further checks; None for a 3.1 document with some content."""
    if "openapi" not in document:
        if "swagger" in document:
            return Problem(file, "/swagger", f"this is OpenAPI (Swagger) {document['swagger']}; only 3.1 is supported")
        return Problem(file, "", "there is no `openapi` field; an OpenAPI document starts with `openapi: 3.1.0`")
    version = document["openapi"]
    if not isinstance(version, str):
        return Problem(file, "/openapi", f"the version {version!r} has to be text with three parts, such as '3.1.0'")
    if not _READ.fullmatch(version):
        return Problem(file, "/openapi", f"this is OpenAPI {version!r}; only 3.1 is supported, written as '3.1.0'")
    if not any(name in document for name in ("paths", "webhooks", "components")):
        return Problem(file, "", "nothing is described: the document needs one of `paths`, `webhooks` and `components`")
    return None
