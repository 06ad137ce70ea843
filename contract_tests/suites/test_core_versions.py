"""Versions of the API: which are served, which are refused, and that the same order looks the same in all of them."""

from __future__ import annotations

import pytest

from contract_tests.runner.context import RunContext
from contract_tests.suites.cases.versions import VersionCase, check_same_order, check_version
from contract_tests.targets.fixtures import Fixtures

pytestmark = pytest.mark.when({"request.version_header": "Polar-Version"})


def test_every_version_is_served_or_refused_as_documented(
    context: RunContext, core_fixtures: Fixtures, version_case: VersionCase
) -> None:
    check_version(context, core_fixtures, version_case)


def test_the_same_order_differs_between_versions_only_where_their_documents_do(
    context: RunContext, core_fixtures: Fixtures
) -> None:
    check_same_order(context, core_fixtures)
