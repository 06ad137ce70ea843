"""Determines whether a recorded request still shows its caller: browsers omit `Authorization` on export, people mask it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from contract_tests.model.known import KIND_OF_PREFIX

# The form of the tokens that the rules can use. A masked token may keep the prefix and the length.
_TOKEN = re.compile(rf"(?:{'|'.join(KIND_OF_PREFIX)})(?!(.)\1+$)[A-Za-z0-9]{{20,}}")
# With these schemes the service sees no token.
_OTHER_SCHEMES = frozenset({"basic", "digest", "negotiate", "ntlm"})


class Caller(StrEnum):
    """What a recorded request shows of its caller."""

    SHOWN = "shown"
    LEFT_OUT = "without Authorization"
    MASKED = "with a masked or unknown Authorization"


def caller_of(headers: Mapping[str, str], *, has_all_headers: bool) -> Caller:
    """With `has_all_headers` a header that the file does not show was not sent. A cookie may also identify a caller."""
    sent = {name.lower(): value for name, value in headers.items()}
    if "authorization" not in sent:
        return Caller.SHOWN if has_all_headers and "cookie" not in sent else Caller.LEFT_OUT
    scheme, _, token = sent["authorization"].strip().partition(" ")
    is_bearer = scheme.lower() == "bearer"
    is_none = scheme.lower() in _OTHER_SCHEMES or (is_bearer and not token.strip())
    is_known = is_bearer and _TOKEN.fullmatch(token.strip()) is not None
    return Caller.SHOWN if is_none or is_known else Caller.MASKED
