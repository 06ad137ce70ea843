"""What a failed test's report shows of its world: the requests that arrived, and the webhooks that were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPException
from typing import Any

from pytest_polar.control import ControlRefused
from pytest_polar.world import World

_MOST_LINES = 50
_LONGEST_TEXT = 300


def sections(world: World) -> list[tuple[str, str]]:
    """The titles and texts; none for what the mock does not tell, and none of what did not happen."""
    found = [
        (f"polar journal of world {world.id}", _lines(lambda: world.journal.entries(limit=_MOST_LINES), _request)),
        (f"polar webhooks of world {world.id}", _lines(world.deliveries, partial(_event, _names(world)))),
    ]
    return [(title, text) for title, text in found if text]


def _lines(read: Callable[[], list[Any]], write: Callable[[Any], Iterator[str]]) -> str:
    try:
        return "\n".join(line for one in read()[-_MOST_LINES:] for line in write(one))
    except (ControlRefused, OSError, HTTPException, KeyError, TypeError, ValueError):
        # The test's own failure is what matters, not that there is less to show about it.
        return ""


def _request(entry: Any) -> Iterator[str]:
    query = f"?{entry['query']}" if entry.get("query") else ""
    caller = entry.get("token") or entry.get("caller") or "no token"
    yield f"{entry['at']} {entry['method']} {_cut(entry['path'] + query)} -> {entry['status']} ({caller})"
    for title, body in (("sent", entry["request"]["body"]), ("got", entry["answer"]["body"])):
        if body is not None:
            yield f"    {title} {_cut(str(body))}"
    changed = [f"{name} {', '.join(map(str, ids))}" for name, ids in entry.get("changed", {}).items() if name != "jobs"]
    if changed:
        yield f"    changed {'; '.join(changed)}"
    for title in ("fault", "hint"):
        if entry.get(title):
            yield f"    {title}: {entry[title]}"


def _names(world: World) -> dict[str, str]:
    """The names of webhook endpoints by their ids."""
    return {id_: name.partition(":")[2] for name, id_ in world.ids.items() if name.startswith("endpoint:")}


def _event(endpoints: dict[str, str], event: Any) -> Iterator[str]:
    endpoint = endpoints.get(event["endpoint_id"], event["endpoint_id"])
    attempts = [str(one.get("http_code") or "no answer") for one in event["attempts"]]
    yield f"{event['created_at']} {event['type']} to {endpoint}: {', '.join(attempts) or 'not sent yet'}"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else f"{line[:_LONGEST_TEXT]}..."
