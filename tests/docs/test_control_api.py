"""The page of the control API lists every call and every error as the API's own document has them."""

from __future__ import annotations

import re
from typing import Any

from mock_server.web.control.document import control_document
from polar_contract.operations import METHODS
from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs/control-api.md").read_text()
DOCUMENT: Any = control_document()


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _rows(text: str) -> list[str]:
    return re.findall(r"^\|(?! call | status |---).*\|$", text, re.M)


def test_its_table_has_each_call_with_its_summary() -> None:
    wanted = [
        f"| `{method.upper()} {path}` | {operation['summary']} |"
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]

    assert _rows(_section("Calls")) == wanted, "\n".join(["replace the table in docs/control-api.md by:", *wanted])


def test_its_errors_are_those_of_the_document() -> None:
    responses = DOCUMENT["components"]["responses"].values()
    schemas = [content["schema"] for response in responses for content in response["content"].values()]
    known = {name for schema in schemas for name in schema.get("properties", {}).get("error", {}).get("enum", ())}

    assert set(re.findall(r"`([A-Z]\w+)`", _section("Errors"))) == known - {"BadRequest"} | {"NotVerified"}
