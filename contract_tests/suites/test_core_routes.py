"""The router: requests outside the operations (unknown paths, methods and slashes) and CORS preflights."""

from __future__ import annotations

from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.runner.context import RunContext
from contract_tests.suites.cases.routes import Route, check_route
from contract_tests.targets.fixtures import Fixtures


def test_every_request_outside_the_operations_gets_the_routers_answer(
    context: RunContext, core_fixtures: Fixtures, route: Route
) -> None:
    if not context.target.is_mock:
        not_checked(
            "routes",
            "a live target gets no requests outside the operations",
            Remedy.MOCK,
            "requests outside the operations",
        )
    check_route(context, core_fixtures, route)
