"""Calls of the mock's control API: JSON in and out, and an error with a sentence for each refused one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pytest_polar.http import Response, send

# A failed test's traceback ends in the test.
__tracebackhide__ = True


class ControlRefused(Exception):
    """The mock refused a call; `reason` is its sentence."""

    def __init__(self, call: str, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(f"{call}: {status} {reason}")


@dataclass(frozen=True, slots=True)
class Control:
    """The control API at a base URL, such as http://127.0.0.1:8000/_mock."""

    base_url: str

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The body of the response; None if it is empty. A parameter that is None is not sent. Errors: ControlRefused, OSError."""
        wanted = urlencode({name: value for name, value in query.items() if value is not None}, doseq=True)
        raw = None if body is None else json.dumps(body, default=_plain).encode()
        headers = {} if raw is None else {"Content-Type": "application/json"}
        answer = send(method, f"{self.base_url}{path}{'?' if wanted else ''}{wanted}", headers=headers, body=raw)
        if answer.status >= 400:
            raise ControlRefused(f"{method} /_mock{path}", answer.status, _reason(answer))
        return answer.json() if answer.body else None


def _plain(value: Any) -> Any:
    """Times and dates as the API writes them. Errors: TypeError for anything else that JSON has not."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{value!r} can't be sent as JSON")


def _reason(answer: Response) -> str:
    try:
        said = json.loads(answer.body)
        return f"{said['error']}: {said['detail']}"
    except (ValueError, KeyError, TypeError):
        return answer.text[:200]
