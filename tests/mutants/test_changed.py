"""Which defects a change concerns: those whose row, operator, rule or check has changed, and no others."""

from __future__ import annotations

import pytest

from mutants.changed import Changes, concerned
from mutants.defects import defects
from polar_contract import default_revision

_UNSIGNED, _LIMIT = "webhook: unsigned", "list: the limit is one too high"
_ALLOW = "header: 405 without Allow"


@pytest.mark.parametrize(
    ("changes", "has", "has_not"),
    [
        (Changes(frozenset({"README.md"})), (), (_UNSIGNED, _LIMIT, _ALLOW)),
        (Changes(frozenset(), rows=frozenset({_LIMIT})), (_LIMIT,), (_UNSIGNED, _ALLOW)),
        (Changes(frozenset({"mutants/planting/requests.py"})), (_LIMIT,), (_UNSIGNED, _ALLOW)),
        (Changes(frozenset(), texts=("yield Rule.METHOD_ALLOWED, first",)), (_ALLOW,), (_UNSIGNED, _LIMIT)),
        (
            Changes(frozenset(), texts=("def test_when_billing_is_changed_then_one_event_shows_the_order(): ...",)),
            (_UNSIGNED,),
            (_LIMIT, _ALLOW),
        ),
        (Changes(frozenset(), texts=('Row(operation, "a limit below 1", 422)',)), (_LIMIT,), (_UNSIGNED, _ALLOW)),
    ],
    ids=["a text", "its row", "its operator", "its rule", "its check", "its row of the core table"],
)
def test_given_a_change_when_defects_are_chosen_then_those_that_it_concerns_are(
    changes: Changes, has: tuple[str, ...], has_not: tuple[str, ...]
) -> None:
    found = concerned(defects(default_revision()), changes)
    assert [name for name in has if name not in found] == []
    assert [name for name in has_not if name in found] == []
