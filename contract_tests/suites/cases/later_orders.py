"""Rows of the core table for what later documents add to lists of orders: filters by status and by time."""

from __future__ import annotations

from contract_tests.suites.cases.rows import INVALID, Row
from polar_contract.json_types import JsonObject

_LIST = "orders:list"
_LONG_AGO, _LATE = "2001-01-01T00:00:00Z", "2101-01-01T00:00:00Z"


def later_order_rows() -> list[Row]:
    """All rows about these filters; they apply where the document has the parameter."""
    return [*_by_status(), *_by_time()]


def _by_status() -> list[Row]:
    """The numbers are those of the core world."""
    named = ("status",)
    guide = {"product_id": "{product:guide}"}
    cases: list[tuple[str, str | tuple[str, ...], int]] = [
        ("void orders", "void", 1),
        ("refunded orders", ("refunded", "partially_refunded"), 1),
        ("orders of a status that none has", "draft", 0),
    ]
    return [
        *(
            Row(
                _LIST,
                f"only {says}",
                200,
                query={**guide, "status": statuses},
                in_world={"pagination": {"total_count": count}},
                parameters=named,
            )
            for says, statuses, count in cases
        ),
        Row(_LIST, "an unknown status", 422, INVALID, query={"status": "eaten"}, parameters=named),
    ]


def _by_time() -> list[Row]:
    none: JsonObject = {"pagination": {"total_count": 0}}
    after, before = ("created_after",), ("created_before",)
    return [
        Row(_LIST, "made after a time", 200, query={"created_after": _LONG_AGO}, parameters=after),
        Row(_LIST, "made before a time", 200, query={"created_before": _LATE}, parameters=before),
        Row(_LIST, "made after a time to come", 200, query={"created_after": _LATE}, shows=none, parameters=after),
        Row(_LIST, "made before all orders", 200, query={"created_before": _LONG_AGO}, shows=none, parameters=before),
        Row(
            _LIST,
            "made between two times",
            200,
            query={"created_after": _LONG_AGO, "created_before": _LATE, "limit": "100"},
            parameters=(*after, *before),
        ),
        *(
            Row(
                _LIST,
                f"{name} without a time zone",
                422,
                INVALID,
                query={name: "2026-04-15T12:00:00"},
                parameters=(name,),
            )
            for name in (*after, *before)
        ),
        *(
            Row(_LIST, f"{name} that is not a time", 422, INVALID, query={name: "yesterday"}, parameters=(name,))
            for name in (*after, *before)
        ),
    ]
