"""Strategies that draw requests for lists of orders: filters, sorting and pages, valid and invalid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_tests.model.state import State
from contract_tests.model.steps import Ask
from contract_tests.suites.stateful.strategies import ORGANIZATION, PORTAL, callers, mostly, one_of

Value = str | tuple[str, ...]
Query = Mapping[str, Value]
_LIMITS = ("1", "2", "3")
_PAGES: Sequence[Query] = tuple({"limit": limit, "page": page} for limit in _LIMITS for page in ("2", "1", "3"))
_SORTINGS: Sequence[Value] = (
    *("created_at", "-created_at", "amount", "-amount", "-net_amount"),
    *(("product", "amount"), ("-product", "-amount")),
)
_FILTERS: Sequence[Query] = (
    {"product_id": "{product:guide}"},
    {"product_id": "{product:atlas}"},
    {"product_id": ("{product:guide}", "{product:club}")},
    {"product_billing_type": "recurring"},
    {"product_billing_type": "one_time"},
    {"product_billing_type": ("one_time", "recurring")},
)
_PORTAL_FILTERS: Sequence[Query] = tuple({"query": part} for part in ("atlas", "GUIDE", "o", "%", "_"))
_ORGANIZATION_FILTERS: Sequence[Query] = tuple({"customer_id": f"{{customer:{one}}}"} for one in ("other", "main"))
_ODD: Sequence[Query] = ({}, {"page": "900"}, {"limit": "1000"}, {"colour": "blue"})
_BAD: Sequence[Query] = (
    {"page": "0"},
    {"page": "-1"},
    {"limit": "0"},
    {"limit": "many"},
    {"sorting": "colour"},
    {"sorting": "-"},
)


@st.composite
def lists(draw: st.DrawFn, state: State) -> Ask:
    """A request for a list with one filter, one sorting or one page, or all of them."""
    side = draw(one_of(PORTAL, ORGANIZATION))
    filters = [*_FILTERS, *(_PORTAL_FILTERS if side == PORTAL else _ORGANIZATION_FILTERS)]
    sortings: Sequence[Query] = [{"sorting": sorting} for sorting in _SORTINGS]
    query = draw(draw(mostly(_queries(filters, sortings), st.sampled_from(_BAD))))
    return Ask(side + "list", who=draw(callers(state, side)), query=query)


@st.composite
def plain_lists(draw: st.DrawFn, state: State) -> Ask:
    """A request for a list of a live account, without sorting by names: their collation is up to the service."""
    side = draw(one_of(PORTAL, ORGANIZATION))
    products = sorted({one.product for one in state.orders.values() if one.product is not None})
    filters: Sequence[Query] = [{"product_id": f"{{{name}}}"} for name in products] or [{}]
    sortings: Sequence[Query] = [{"sorting": "created_at"}, {"sorting": "-created_at"}]
    query = draw(draw(mostly(_queries(filters, sortings), st.sampled_from(_BAD))))
    return Ask(side + "list", who=draw(callers(state, side)), query=query)


def _queries(filters: Sequence[Query], sortings: Sequence[Query]) -> SearchStrategy[Query]:
    everything = st.tuples(*(st.sampled_from([{}, *one]) for one in (filters, sortings, _PAGES, _ODD)))
    return st.one_of(
        st.sampled_from(filters),
        st.sampled_from(sortings),
        st.sampled_from(_PAGES),
        st.sampled_from(_ODD),
        everything.map(lambda parts: {name: value for part in parts for name, value in part.items()}),
    )
