"""Tests that the search finds defects that need a sequence of requests, shortens the story, and finds none on the good mock."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import requests

from contract_tests.checks.findings import ContractBroken, Finding, Problem
from contract_tests.checks.rules import Rule
from contract_tests.checks.session_checker import SessionChecker
from contract_tests.config.gaps import NotChecked
from contract_tests.config.settings import DEFAULT_MAX_EXAMPLES, Settings
from contract_tests.runner.context import RunContext, prepare_case
from contract_tests.suites.stateful.profiles import PROFILES
from contract_tests.suites.stateful.search import run_profile
from contract_tests.targets.control_api import Control, World
from contract_tests.targets.open import open_target
from contract_tests.transport.exchanges import Exchange
from mock_server.testing import RunningMock
from mutants.defects import planted
from mutants.proxy import Answer, Forward, Request, proxy
from polar_contract import Contract
from tests.contract_tests.running import run_pasted_test
from tests.contract_tests.services import without_control_api

# By defect: the profile of the stories that find it, and the rule of the finding.
DEFECTS: dict[str, tuple[str, Rule]] = {
    "rule: PATCH leaks to the orders before": ("orders", Rule.STATE_SHOWN),
    "list: page 2 is page 1": ("orders", Rule.LISTED),
    "list: up is down": ("orders", Rule.LISTED),
    "list: the product filter is ignored": ("orders", Rule.LISTED),
    "rule: PATCH forgets a name of null": ("orders", Rule.STATE_SHOWN),
    "rule: a second request gives another number": ("invoices", Rule.NUMBERED),
    "rule: unpaid accepted": ("invoices", Rule.UNEXPECTED),
    "rule: the invoice goes with the name": ("invoices", Rule.UNEXPECTED),
    "auth: sessions never end": ("accounts", Rule.UNEXPECTED),
    "account: deleted endpoints are still shown": ("accounts", Rule.UNEXPECTED),
}
# With these seeds, its stories come soonest to the defects.
SEEDS = {"orders": 5, "invoices": 1, "accounts": 4}
_LONGEST_STORY = 6
# The line that names the test, and two lines that create the world.
_LINES_BEFORE = 3


class NoChecks(SessionChecker):
    """A session checker that finds nothing, so that all findings are the model's."""

    def problems(self, exchange: Exchange) -> list[Problem]:
        return []


@contextmanager
def context_of(
    base_url: str,
    contract: Contract,
    reports: Path,
    *,
    seed: int = 2,
    stories: int = DEFAULT_MAX_EXAMPLES,
    tokens: Mapping[str, str] | None = None,
) -> Iterator[RunContext]:
    settings = Settings(base_url=base_url, seed=seed, max_examples=stories, reports=reports, tokens=tokens or {})
    case = prepare_case(settings, contract)
    case = replace(case, rules=replace(case.rules, session_checker=NoChecks(case.operations, contract.behaviour)))
    with open_target(case.settings, case.operations, ledger=case.ledger, learn=case.redactor.learn) as target:
        yield RunContext(case, target)


def findings_of(
    base_url: str, contract: Contract, reports: Path, profile: str, *, tokens: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    opened = context_of(base_url, contract, reports, seed=SEEDS[profile], tokens=tokens)
    with opened as context, pytest.raises(ContractBroken) as broken:
        # However slow the machine is, there is time enough to shorten the story.
        run_profile(context, profile, clock=lambda: 0.0)
    return broken.value.findings


def pasted_test(file: Path, base_url: str, tokens: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Exit code and output."""
    environment = {f"POLAR_{kind.upper()}_TOKEN": token for kind, token in (tokens or {}).items()}
    return run_pasted_test(file, {"POLAR_BASE_URL": base_url, **environment})


class GivenAPlantedDefect:
    @pytest.mark.parametrize("profile", PROFILES)
    def test_when_stories_are_run_then_it_is_found_and_reported_with_a_short_story(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path, profile: str
    ) -> None:
        pasted, chosen = tmp_path / "pasted", [name for name in DEFECTS if DEFECTS[name][0] == profile]
        pasted.mkdir()
        with ExitStack() as stack:
            for number, name in enumerate(chosen):
                faulty = stack.enter_context(proxy(good_mock.base_url, planted(name)))
                reports = tmp_path / str(number)
                found = findings_of(faulty.base_url, contract, reports, profile)
                _expect_short_story(found, DEFECTS[name][1], good_mock, reports / f"story_{profile}.json")
                (reports / f"story_{profile}.py").rename(pasted / f"test_{number}.py")
            # Each test knows the target on which it was found.
            on_faulty = run_pasted_test(pasted, {})
        on_good_mock = run_pasted_test(pasted, {"POLAR_BASE_URL": good_mock.base_url})
        assert f"\n{len(chosen)} failed in" in on_faulty[1], on_faulty[1]
        assert f"\n{len(chosen)} passed in" in on_good_mock[1], on_good_mock[1]


def _expect_short_story(found: tuple[Finding, ...], rule: Rule, mock: RunningMock, world: Path) -> None:
    finding = found[0]
    lines = finding.reproduce.splitlines()
    assert finding.rule == rule, finding
    if rule == Rule.NUMBERED:
        assert {one.source for one in found} == {"guarantee"}
    assert len(lines) - _LINES_BEFORE <= _LONGEST_STORY, finding
    assert "polar_cst_" not in finding.reproduce
    assert f"@{world} " in lines[1]
    made = requests.post(f"{mock.base_url}/_mock/worlds", json=json.loads(world.read_bytes()), timeout=10)
    assert made.status_code == 201, made.text


class GivenALiveAccount:
    """A mock server without its control API, behind a proxy that records every request."""

    @pytest.fixture
    def world(self, good_mock: RunningMock) -> Iterator[World]:
        world = Control(good_mock.base_url, lambda secret, name: None, 10.0).create_world("core", revision="0.1.0")
        yield world
        world.delete()

    @pytest.mark.parametrize("missing", ["", "customer", "organization"])
    def test_when_it_is_right_then_nothing_is_found_by_reads_and_refusals(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path, world: World, missing: str
    ) -> None:
        tokens = {kind: world.tokens[kind] for kind in ("customer", "organization") if kind != missing}
        with (
            proxy(good_mock.base_url, without_control_api) as live,
            context_of(live.base_url, contract, tmp_path, tokens=tokens) as context,
        ):
            run_profile(context, "orders")
        sent = [one for one in live.seen if not one.path.startswith("/_mock")]
        assert len(sent) > 20
        written = {one.path for one in sent if one.method != "GET" and one.token in world.tokens.values()}
        # With an organization token only, one customer session is opened.
        assert written == ({"/v1/customer-sessions/"} if missing == "customer" else set())

    def test_when_its_lists_are_wrong_then_the_test_to_paste_takes_tokens_from_the_environment(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path, world: World
    ) -> None:
        wrong = planted("list: up is down")

        def layer(request: Request, forward: Forward) -> Answer:
            return wrong(request, partial(without_control_api, forward=forward))

        tokens = {kind: world.tokens[kind] for kind in ("customer", "organization")}
        with proxy(good_mock.base_url, layer) as live:
            finding = findings_of(live.base_url, contract, tmp_path, "orders", tokens=tokens)[0]
            pasted = pasted_test(tmp_path / "story_orders.py", live.base_url, tokens)
        assert finding.rule == Rule.LISTED
        assert pasted[0] == 1, pasted[1]
        assert pasted_test(tmp_path / "story_orders.py", good_mock.base_url, tokens)[0] == 0
        text = (tmp_path / "story_orders.py").read_text("utf-8")
        assert not [token for token in world.tokens.values() if token in text]

    def test_when_a_profile_needs_writes_then_it_is_not_checked(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path, world: World
    ) -> None:
        tokens = {"customer": world.tokens["customer"]}
        with (
            proxy(good_mock.base_url, without_control_api) as live,
            context_of(live.base_url, contract, tmp_path, tokens=tokens) as context,
            pytest.raises(NotChecked, match="reads and refusals"),
        ):
            run_profile(context, "invoices")


class GivenATargetThatChangesItsMind:
    def test_when_a_story_does_not_fail_again_then_that_is_the_finding(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path
    ) -> None:
        with proxy(good_mock.base_url, planted("list: counts change now and then")) as inconsistent:
            finding = findings_of(inconsistent.base_url, contract, tmp_path, "orders")[0]
        assert finding.rule == Rule.SAME_ANSWERS
        assert "4711" in finding.got
        assert "second run" in finding.got


class GivenTheGoodMock:
    @pytest.mark.parametrize("profile", PROFILES)
    def test_when_stories_are_run_twice_then_nothing_is_found_and_the_requests_are_the_same(
        self, good_mock: RunningMock, contract: Contract, tmp_path: Path, profile: str
    ) -> None:
        reached = []
        for _ in range(2):
            with context_of(good_mock.base_url, contract, tmp_path, stories=3) as context:
                run_profile(context, profile)
                assert context.case.ledger.requests > 50
                reached.append(context.case.ledger.reached)
        assert reached[0] == reached[1]
        assert list(tmp_path.iterdir()) == []
