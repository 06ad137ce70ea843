"""Makes the strategy of a regular expression once, while requests are generated. Generates nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

# No public API of Hypothesis; constraints.txt pins the version.
from hypothesis.strategies._internal import regex

_MOST = 256


@contextmanager
def remembered_patterns() -> Iterator[None]:
    """Hypothesis makes the strategy again for each filter on it, and Schemathesis filters nearly every text by its pattern.

    Our pattern of ids has 600 parts, and a run needs it 150 times. What is drawn stays the same: a strategy keeps no state.
    """
    made_anew = regex.regex_strategy
    regex.regex_strategy = lru_cache(_MOST)(made_anew)
    try:
        yield
    finally:
        regex.regex_strategy = made_anew
