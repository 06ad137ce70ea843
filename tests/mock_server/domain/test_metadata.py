"""Metadata as text for filters: decimals keep their form, and never have an exponent."""

from __future__ import annotations

import pytest

from mock_server.domain.metadata import MetadataValue, metadata_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("None", "None"),
        ("", ""),
        (12, "12"),
        (1.50, "1.5"),
        (2.0, "2.0"),
        (0.0, "0.0"),
        (-0.0, "0.0"),
        (1e20, "100000000000000000000"),
        (1e-7, "0.0000001"),
    ],
)
def test_a_value_is_compared_by_its_json_text(value: MetadataValue | None, text: str | None) -> None:
    assert metadata_text(value) == text
