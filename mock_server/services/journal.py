"""Search a journal: which requests match, and what the nearest one lacks that does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mock_server.documents.journal_queries import DOWNLOAD, Wanted
from mock_server.store.journal import Entry, Journal, Numbered


class Nearest(NamedTuple):
    number: int
    entry: Entry
    differences: tuple[str, ...]


def matching(journal: Journal, wanted: Wanted) -> tuple[Numbered, ...]:
    """The entries that match, oldest first."""
    return tuple(one for one in journal.after(wanted.after) if not differences(one[1], wanted))


def nearest(journal: Journal, wanted: Wanted) -> Nearest | None:
    """Of the entries that don't match the newest of those that lack the least; another operation is further away."""
    entries = [(number, entry, differences(entry, wanted)) for number, entry in reversed(journal.after(wanted.after))]
    missed = [Nearest(*one) for one in entries if one[2]]
    return min(missed, key=lambda one: (len(one.differences), "operation" in one.differences), default=None)


def differences(entry: Entry, wanted: Wanted) -> tuple[str, ...]:
    """The criteria that the entry does not meet, by name."""
    token = entry.credential.token if entry.credential is not None else None
    met = {
        "operation": wanted.operation in (None, entry.operation_id),
        "order": wanted.order is None or wanted.order in orders_of(entry),
        "method": wanted.method in (None, entry.method),
        "status": wanted.status is None or _has_status(entry, wanted.status),
        "token": wanted.token in (None, token),
        "since": wanted.since is None or entry.at >= wanted.since,
    }
    return tuple(name for name, is_met in met.items() if not is_met)


def orders_of(entry: Entry) -> Sequence[str]:
    """The ids of the orders that the request names or changed."""
    named = entry.path_parameters.get("id") if _is_about_orders(entry.operation_id) else None
    changed = entry.changes.ids.get("orders", ())
    return changed if named is None or named in changed else (named, *changed)


def _is_about_orders(operation_id: str | None) -> bool:
    return operation_id is not None and (operation_id == DOWNLOAD or "orders" in operation_id.split(":"))


def _has_status(entry: Entry, wanted: str) -> bool:
    status = str(entry.status)
    return status == wanted or (wanted.endswith("xx") and status[0] == wanted[0])
