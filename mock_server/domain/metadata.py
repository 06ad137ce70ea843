"""Metadata: what a shop keeps beside its orders, products and customers, under names of its own."""

from __future__ import annotations

from collections.abc import Mapping

Metadata = Mapping[str, str | int | float | bool]
