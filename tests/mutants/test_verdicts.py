"""A defect counts as caught only when a check that can fail found a broken rule that the defect names."""

from __future__ import annotations

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.config.settings import Settings
from contract_tests.reporting.results import Results
from contract_tests.runner.context import prepare_case
from contract_tests.transport.exchanges import Exchange
from mock_server.testing import RunningMock
from mutants.defects import Defect
from mutants.planting.messages import asked
from mutants.proxy import Answer, Forward, Layer, Request
from mutants.recording import Recorded, Trace
from mutants.replaying import Replayed, replay
from mutants.running import Seen, see_live
from mutants.verdicts import verdict_of
from polar_contract import default_revision, load_contract

_REFUSED = Exchange(
    method="GET",
    url="http://mock.invalid/v1/orders/",
    path="/v1/orders/",
    request_headers={},
    request_body=b"",
    status=401,
    headers={"content-type": "application/json", "www-authenticate": 'Bearer realm="polar"'},
    body=b'{"error":"Unauthorized","detail":"Unauthorized"}',
    elapsed_seconds=0.0,
    operation_id="orders:list",
)


def a_defect(layer: Layer, *, check: str = "", rule: Rule = Rule.UNEXPECTED) -> Defect:
    return Defect("test: a defect", (rule,), check, "test: a defect", frozenset(), None, lambda: layer)


def unchanged(request: Request, forward: Forward) -> Answer:
    return forward(request)


def forbidden(request: Request, forward: Forward) -> Answer:
    answer = forward(request)
    return answer.but(status=403) if request.path.startswith("/v1/") else answer


def failing(request: Request, forward: Forward) -> Answer:
    raise KeyError("customer")


def asking_more(request: Request, forward: Forward) -> Answer:
    return forward(asked(request, "GET", "/v1/orders/"))


def replayed(layer: Layer) -> Replayed:
    case = prepare_case(Settings(), load_contract(default_revision()))
    trace = Trace((Recorded(_REFUSED, "a check", 401, "Unauthorized"),), Results(), case)
    return replay(trace, {"one": a_defect(layer)})["one"]


@pytest.mark.parametrize(
    ("layer", "rule", "problem"),
    [
        (forbidden, Rule.UNEXPECTED, ""),
        (forbidden, Rule.SHAPE, "caught by answer.expected, not by body.schema"),
        (unchanged, Rule.UNEXPECTED, "not caught: it changes no recorded answer"),
        (failing, Rule.UNEXPECTED, "KeyError: 'customer'"),
        (asking_more, Rule.UNEXPECTED, "NeedsTarget: it sends a request of its own"),
    ],
    ids=["by the named rule", "by another rule", "no change", "the defect fails", "more requests"],
)
def test_given_a_recorded_answer_when_a_defect_is_applied_then_only_its_own_rule_catches_it(
    layer: Layer, rule: Rule, problem: str
) -> None:
    assert verdict_of(a_defect(layer, rule=rule), replayed(layer)).problem == problem


@pytest.mark.parametrize(
    ("layer", "check", "problem"),
    [
        (unchanged, "core: [orders:list · no token · 401]", "not caught: no check failed"),
        (forbidden, "core: [orders:list · no token · 401]", ""),
        (failing, "core: [orders:list · no token · 401]", "the defect itself fails: KeyError: 'customer' at GET"),
        (forbidden, "core: no check is called so", "no check has such a name"),
    ],
    ids=["no change", "found", "the defect fails", "no such check"],
)
def test_given_a_good_mock_when_checks_run_against_a_defect_then_a_check_that_cannot_fail_is_noticed(
    good_mock: RunningMock, layer: Layer, check: str, problem: str
) -> None:
    told = verdict_of(a_defect(layer, check=check), see_live(good_mock.base_url, layer, check, 1)).problem
    assert told.startswith(problem) if problem else told == ""


def test_given_a_run_that_ends_early_when_no_check_failed_then_its_reason_is_the_problem() -> None:
    told = verdict_of(a_defect(unchanged, check="core"), Seen(mistake="The run was interrupted.")).problem
    assert told == "The run was interrupted."
