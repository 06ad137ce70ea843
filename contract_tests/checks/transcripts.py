"""Formats request and response of a finding: indented JSON, with a mark before the lines that the finding is about. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contract_tests.checks.indenting import Line, Place, indented
from contract_tests.transport.exchanges import Exchange

MARK, NO_MARK = "> ", "  "
_LARGEST_BODY_BYTES = 512 * 1024
_LONGEST_TEXT, _LONGEST_LINE = 4 * 1024, 400
_MOST_LINES, _AROUND, _MOST_MARKS = 120, 12, 8
_SCHEMA_PLACE = re.compile(r"\d{3}: /(.*?): ")
_SHOWN_PLACE = re.compile(r"body((?:\.[^.\[\] ]+|\[\d+\])+) is ")
_PART = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_NAME = re.compile(r"([a-z][a-z_]+)\b")
_STATUS = re.compile(r"[1-5]\d\d\b")
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def marked_transcript(exchange: Exchange, *, expected: str, got: str) -> str:
    """Headers and bodies of request and response; long bodies are cut where nothing is marked. The caller redacts it."""
    status = _STATUS.match(expected)
    is_other_status = status is not None and status[0] != str(exchange.status)
    came = shown_body(exchange.body, *(() if is_other_status else (expected, got)))
    # If no line of the body is marked, the finding is about the response as a whole.
    is_marked = any(line.startswith(MARK) for line in came.splitlines())
    return exchange.transcript(
        sent=shown_body(exchange.request_body), came=came, status=f"{'' if is_marked else MARK}{exchange.status}"
    )


def shown_body(body: bytes, *said: str) -> str:
    """The body for readers; the texts `said` of a finding decide which lines are marked."""
    text = body[:_LARGEST_BODY_BYTES].decode("utf-8", "backslashreplace")
    lines = indented(text) if len(body) <= _LARGEST_BODY_BYTES else None
    if lines is None:
        cut = f" … ({len(body)} bytes)" if len(text) > _LONGEST_TEXT else ""
        return "\n".join(NO_MARK + line for line in text[:_LONGEST_TEXT].splitlines()) + cut
    marked = set(_marked(lines, said)[:_MOST_MARKS])
    return "\n".join(_excerpt(lines, marked))


def _excerpt(lines: Sequence[Line], marked: set[int]) -> Iterator[str]:
    """All lines of a short body; of a long one the beginning, and the lines around the marks."""
    shown = {near for number in marked for near in range(number - _AROUND, number + _AROUND + 1)}
    shown |= set(range(_AROUND if marked else _MOST_LINES)) if len(lines) > _MOST_LINES else set(range(len(lines)))
    left_out = 0
    for number, line in enumerate(lines):
        if number not in shown:
            left_out += 1
            continue
        if left_out:
            yield f"{NO_MARK}… {left_out} lines"
            left_out = 0
        text = line.text if len(line.text) <= _LONGEST_LINE else f"{line.text[:_LONGEST_LINE]}…"
        yield (MARK if number in marked else NO_MARK) + text
    if left_out:
        yield f"{NO_MARK}… {left_out} lines"


def _marked(lines: Sequence[Line], said: Sequence[str]) -> list[int]:
    """The lines that the finding refers to: by place, else by a name at the start of a text, else by an id."""
    places = [place for text in said for place in _places(text)]
    if places:
        return [_nearest(lines, place) for place in places]
    ids = {one for text in said for one in _ID.findall(text)}
    names = {name[0] for text in said if (name := _NAME.match(text))}
    of_names = [number for number, line in enumerate(lines) if line.place and line.place[-1] in names]
    with_value = [number for number in of_names if _has_value(lines[number], said)]
    of_ids = [number for number, line in enumerate(lines) if any(one in line.text for one in ids)]
    return with_value or of_names or of_ids


def _places(text: str) -> Iterator[Place]:
    schema = _SCHEMA_PLACE.match(text)
    if schema is not None:
        yield tuple(schema[1].split("/")) if schema[1] else ()
    shown = _SHOWN_PLACE.match(text)
    if shown is not None:
        yield tuple(name or number for name, number in _PART.findall(shown[1]))


def _nearest(lines: Sequence[Line], place: Place) -> int:
    """The line of the place; for an absent value, the line of the object that should contain it."""
    for end in range(len(place), -1, -1):
        for number, line in enumerate(lines):
            if line.place == place[:end]:
                return number
    return 0


def _has_value(line: Line, said: Sequence[str]) -> bool:
    """Whether the line's value occurs in the texts after the first."""
    value = line.text.partition(": ")[2].rstrip(",").strip('"')
    return bool(value) and any(value in text for text in said[1:])
