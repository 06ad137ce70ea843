"""A request of the journal as a curl command, and as a test in pytest.

Tokens are the variables that `polar-mock exec` sets, POLAR_TOKEN_NAME: what is copied can be pasted into a ticket.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from polar_contract.json_types import JsonObject, JsonValue, as_object

# What a client or a browser adds by itself.
_OWN_HEADERS = re.compile(
    r"host|connection|content-length|transfer-encoding|accept(-.*)?|user-agent|origin|referer|sec-.*|dnt|"
    r"cache-control|pragma|cookie|keep-alive|priority|upgrade-insecure-requests|authorization",
    re.IGNORECASE,
)
_TEST = """\
import os

import requests

BASE_URL = os.environ.get("POLAR_SERVER_URL", {base_url})


def test_{name}() -> None:
    {call}

    assert answer.status_code == {status}{more}
"""


def token_variable(name: str | None) -> str:
    """The environment variable of a token."""
    return f"POLAR_TOKEN_{re.sub('[^A-Z0-9]+', '_', name.upper())}" if name else "POLAR_ACCESS_TOKEN"


def as_curl(entry: JsonObject, base_url: str) -> str:
    """`entry`: as the control API shows it, without secrets."""
    lines = [f"curl -gi --path-as-is {_method_option(entry)}{shlex.quote(base_url + _target(entry))}"]
    lines += [f"-H {_curl_authorization(entry)}"] if _is_authorized(entry) else []
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in _headers(entry).items()]
    body = _body(entry)
    lines += [] if body is None else [f"--data-raw {shlex.quote(body)}"]
    return " \\\n  ".join(lines)


def as_test(entry: JsonObject, base_url: str) -> str:
    """A test that sends the request again and expects the same status, and the same error if it was one."""
    return _TEST.format(
        base_url=_python(base_url),
        name=re.sub(r"\W+", "_", str(entry["operation"] or "request"), flags=re.ASCII).lower(),
        call=_python_call(entry),
        status=entry["status"],
        more=_expected_error(entry),
    )


def _python_call(entry: JsonObject) -> str:
    headers = [f"{_python(name)}: {_python(value)}" for name, value in _headers(entry).items()]
    if _is_authorized(entry):
        token = f"{{os.environ['{token_variable(_token(entry))}']}}"
        headers.insert(0, f'"Authorization": f"Bearer {token}"')
    arguments = [_python(str(entry["method"])), f"BASE_URL + {_python(_target(entry))}"]
    arguments += [f"headers={{{', '.join(headers)}}}"] if headers else []
    body = _body(entry)
    arguments += [] if body is None else [f"data={_python(body)}.encode()"]
    inside = "".join(f"\n        {argument}," for argument in [*arguments, "timeout=10"])
    return f"answer = requests.request({inside}\n    )"


def _expected_error(entry: JsonObject) -> str:
    try:
        error = as_object(json.loads(str(as_object(entry["answer"])["body"]))).get("error")
    except ValueError:
        return ""
    return f'\n    assert answer.json()["error"] == {_python(error)}' if isinstance(error, str) else ""


def _method_option(entry: JsonObject) -> str:
    """curl sends GET by itself, and needs another option for HEAD."""
    method = str(entry["method"])
    return {"GET": "", "HEAD": "--head "}.get(method, f"-X {shlex.quote(method)} ")


def _target(entry: JsonObject) -> str:
    path = quote(str(entry["path"]).encode("utf-8", "replace"), safe="/:@!$&'()*+,;=~")
    return f"{path}?{entry['query']}" if entry["query"] else path


def _token(entry: JsonObject) -> str | None:
    return None if entry["token"] is None else str(entry["token"])


def _is_authorized(entry: JsonObject) -> bool:
    return "Authorization" in _request_headers(entry)


def _curl_authorization(entry: JsonObject) -> str:
    return f'"Authorization: Bearer ${token_variable(_token(entry))}"'


def _request_headers(entry: JsonObject) -> Mapping[str, Any]:
    return as_object(as_object(entry["request"])["headers"])


def _headers(entry: JsonObject) -> dict[str, str]:
    return {name: str(of) for name, of in _request_headers(entry).items() if not _OWN_HEADERS.fullmatch(name)}


def _body(entry: JsonObject) -> str | None:
    body: JsonValue = as_object(entry["request"])["body"]
    return None if body is None else str(body)


def _python(text: str) -> str:
    """A Python literal in double quotes."""
    return json.dumps(text, ensure_ascii=False)
