"""Remove secrets from texts that people read: tokens, webhook secrets, signatures of links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

# Of each the beginning stays, which says what it was.
_KNOWN_FORMS = "|".join(
    (
        # The prefixes of all tokens and webhook secrets that Polar makes.
        r"(?<![A-Za-z0-9])(polar_[a-z]+_|whsec_)[A-Za-z0-9._~+/=-]{4,}",
        # Parameters of links: of a signed one, and of the customer portal.
        r"(X-Amz-Signature=|(?<![A-Za-z_])[a-z_]*(?:token|secret)=)[^&\s\"'<>]+",
    )
)
_CUT = "…"
_MASK = "<redacted>"
_SHORTEST_SECRET = 4


class Redactor:
    """Removes secrets of the known forms, and those of a world that have another form, because its document chose them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = re.compile(_KNOWN_FORMS)
        others = {text for text in secrets if len(text) >= _SHORTEST_SECRET and not known.fullmatch(text)}
        spelled = others | {json.dumps(text)[1:-1] for text in others}
        forms = [_KNOWN_FORMS, *map(re.escape, sorted(spelled, key=len, reverse=True))]
        self._pattern = re.compile("|".join(forms))

    def clear(self, text: str) -> str:
        return self._pattern.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    beginning = found[1] or found[2]
    return f"{beginning}{_CUT}" if beginning else _MASK
