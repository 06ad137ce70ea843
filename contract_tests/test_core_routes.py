"""The router: paths, methods and slashes that belong to no operation, and what browsers ask first."""

from __future__ import annotations

from contract_tests.core.routes import Route, judge_route
from contract_tests.fixtures import Fixtures
from contract_tests.gaps import Remedy, not_judged
from contract_tests.judging import Judge


def test_every_request_outside_the_operations_gets_the_routers_answer(
    judge: Judge, core_fixtures: Fixtures, route: Route
) -> None:
    if not judge.target.is_mock:
        not_judged("routes", "a live target is not probed", Remedy.MOCK, "requests outside the operations")
    judge_route(judge, core_fixtures, route)
