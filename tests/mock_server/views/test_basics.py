"""Writing JSON: the quick writer gives the same bytes as the other one, for everything that it is given."""

from __future__ import annotations

from enum import StrEnum

import pytest

from mock_server.views.basics import compact, compact_without_floats
from polar_contract.json_types import JsonValue

_SURROGATES = range(0xD800, 0xE000)


class Status(StrEnum):
    PAID = "paid"


VALUES: dict[str, JsonValue] = {
    "every character": "".join(chr(code) for code in range(0x110000) if code not in _SURROGATES),
    "a lone surrogate": {"name": "a\ud800b"},
    "a lone surrogate in a key": {"\udfff": 1},
    "an enum": {"status": Status.PAID},
    "numbers": [0, -1, 2**63, 2**70],
    "others": [True, False, None, {}, [], ""],
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_when_a_value_has_no_floats_then_both_write_the_same(value: JsonValue) -> None:
    assert compact_without_floats(value) == compact(value)
