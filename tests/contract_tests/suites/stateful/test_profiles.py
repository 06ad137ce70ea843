"""Which stories a revision has: drafts and invoices that are made anew only where the service has them."""

from __future__ import annotations

import pytest

from contract_tests.suites.stateful.profiles import profiles_of
from polar_contract import load_contract

_OF_ALL = ["orders", "invoices", "accounts"]


@pytest.mark.parametrize(
    ("revision", "profiles"),
    [("0.1.0", _OF_ALL), *((later, [*_OF_ALL, "drafts", "reissues"]) for later in ("2026-04", "2026-10"))],
)
def test_when_a_revision_is_given_then_it_has_these_profiles(revision: str, profiles: list[str]) -> None:
    assert [*profiles_of(load_contract(revision).behaviour)] == profiles
