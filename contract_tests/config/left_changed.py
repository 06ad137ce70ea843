"""Files with the request that restores an order: written before its first change, removed once it is put back. Later runs look for them."""

from __future__ import annotations

from pathlib import Path

from contract_tests.config.errors import CannotRun
from contract_tests.config.settings import Settings

_NAME = "restore-{}.txt"


def keep_request(folder: Path, order_id: str, request: str) -> Path:
    """Write the request that restores an order; the file that is returned also outlives a run that is killed. Errors: CannotRun."""
    file = folder / _NAME.format(order_id)
    text = (
        f"# A run of polar-contract changes the billing details of order {order_id} and puts them back.\n"
        "# Unless that run still goes on, it did not put them back. This request does; then delete this file.\n"
        f"{request}\n"
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as problem:
        raise CannotRun(
            f"Order {order_id} was not changed: {file} can't be written ({problem.strerror}), "
            "which has to keep the request that restores it."
        ) from problem
    return file


def require_none_left(settings: Settings) -> None:
    """Nothing more is changed while an earlier run's change is not undone. Errors: CannotRun."""
    left = sorted(settings.reports.glob(_NAME.format("*"))) if settings.permissions.writes else []
    if left:
        order = left[0].stem.removeprefix("restore-")
        raise CannotRun(
            f"Nothing was sent: an earlier run with --allow-writes did not put back order {order}. Send the request in "
            f"{left[0]}, which restores it, and delete that file; or leave out --allow-writes."
        )
