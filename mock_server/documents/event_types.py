"""What is said of the name of an event type that there is not."""

from __future__ import annotations

import difflib

from mock_server.documents.errors import shown
from mock_server.domain.event_types import EVENT_TYPES

_MOST_COMPARED = 60


def unknown_event_type(sent: str) -> str:
    """A message with the types that are spelled like it, or with all."""
    close = difflib.get_close_matches(sent[:_MOST_COMPARED], EVENT_TYPES, 3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"possible are: {', '.join(EVENT_TYPES)}"
    return f"is {shown(sent)}, which is not an event type; {hint}"
