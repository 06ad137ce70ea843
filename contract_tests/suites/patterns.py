"""Makes the strategy of a regular expression once, while requests are generated. Generates nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from typing import Any

# No public API of Hypothesis: a release without it only generates more slowly.
_MODULE, _FUNCTION = "hypothesis.strategies._internal.regex", "regex_strategy"
_MOST = 256


@contextmanager
def remembered_patterns() -> Iterator[None]:
    """Hypothesis makes the strategy again for each filter on it, and Schemathesis filters nearly every text by its pattern.

    Our pattern of ids has 600 parts, and a run needs it 150 times. What is drawn stays the same: a strategy keeps no state.
    """
    module = _module()
    if module is None:
        yield
        return
    made_anew = getattr(module, _FUNCTION)
    setattr(module, _FUNCTION, lru_cache(_MOST)(made_anew))
    try:
        yield
    finally:
        setattr(module, _FUNCTION, made_anew)


def _module() -> Any:
    try:
        module = import_module(_MODULE)
    except ImportError:
        return None
    return module if hasattr(module, _FUNCTION) else None
