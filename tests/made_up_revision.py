"""Write a spec folder with a made-up revision beside the bundled ones: a folder and a line, no Python."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import yaml

from polar_contract.documents import spec_folder
from polar_contract.json_types import JsonValue

MADE_UP = "made-up"
BASE = "0.1.0"
"""The revision that the made-up one is a copy of."""
OLD_PATH = "/v1/customer-portal/orders/{id}/payment-status"
NEW_PATH = "/v1/customer-portal/orders/{id}/payment"
"""The one operation that differs has another path."""
RULES: Mapping[str, JsonValue] = {
    "invoice.refused_statuses": ["void"],
    "webhook.secret_prefix": "whsec_",
    "error.invoice_refused": {
        "status": 422,
        "error": "NotPaidOrder",
        "detail": "Order {order_id} can't have an invoice (current status: {order_status}).",
    },
}
"""The three rules that differ; what they make a server send fits the document that the revision is a copy of."""
_LINE = """\
  - {{revision: {0}, folder: {0}, date: '2026-12-01', sentence: Unpaid orders may have an invoice.}}
"""


def write_made_up_spec(folder: Path) -> Path:
    """A new spec folder with every bundled revision and the made-up one; for `spec` parameters and POLAR_SPEC."""
    spec = copy_spec(folder)
    revision = add_revision(spec, MADE_UP)
    change_rules(revision / "behaviour.yaml", RULES)
    change_text(revision / "openapi.yaml", f"{OLD_PATH}:\n", f"{NEW_PATH}:\n")
    return spec


def copy_spec(folder: Path) -> Path:
    """A copy of the bundled spec folder."""
    return Path(shutil.copytree(spec_folder(), folder / "spec"))


def add_revision(spec: Path, name: str) -> Path:
    """The folder of a new revision, as yet a copy of `BASE`, and its line in revisions.yaml."""
    revision = shutil.copytree(spec / BASE, spec / name)
    with (spec / "revisions.yaml").open("a") as file:
        file.write(_LINE.format(name))
    return Path(revision)


def change_rules(behaviour: Path, rules: Mapping[str, JsonValue]) -> None:
    """Give rules of a behaviour.yaml other values."""
    document = yaml.safe_load(behaviour.read_text("utf-8"))
    for name, value in rules.items():
        assert name in document, f"there is no rule {name}"
        document[name] = {"value": value, "source": "Made up for a test."}
    behaviour.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")


def change_text(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
    file.write_text(text.replace(old, new), "utf-8")
