"""The rules of versions: nothing is found at the mock of each revision, and each planted defect breaks its rule first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.config.gaps import Gap
from contract_tests.config.permissions import Limits
from contract_tests.config.settings import Settings
from contract_tests.runner.identifying import begin
from contract_tests.runner.plugin import ContractTestsPlugin
from contract_tests.runner.pytest_session import run_plugin
from contract_tests.targets.control_api import Control
from mock_server.testing import RunningMock, running_mock
from mutants.proxy import Layer, proxy
from polar_contract.json_types import JsonObject, as_list, as_object
from tests.contract_tests.services import without_control_api
from tests.contract_tests.version_defects import DEFECTS, REMOVED_TOO_EARLY

REVISION = "2026-10"
ROTATION = "version 2026-04, which the target does not serve"


class _VersionChecks:
    """Keeps the checks of versions."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if "test_core_versions" in item.nodeid]


@pytest.fixture(scope="module")
def mock() -> Iterator[RunningMock]:
    with running_mock(revision=REVISION) as mock:
        yield mock


def checked(settings: Settings) -> ContractTestsPlugin:
    """The checks of versions, after what comes before them at a target that is not our mock."""
    begun = begin(settings)
    assert not begun.problem
    plugin = ContractTestsPlugin(begun.settings, asked_before=begun.exchanges)
    run_plugin(plugin, _VersionChecks())
    assert not plugin.results.problems
    return plugin


def live(url: str, mock: RunningMock, reports: Path, day: date | None = None) -> Settings:
    control = Control(mock.base_url, lambda secret, name: None, 10.0)
    worlds = as_list(as_object(control.call("GET", "/_mock/worlds"))["items"])
    token = control.token_of(str(as_object(worlds[0])["id"]), "organization")
    usual = Settings(base_url=url, tokens={"organization": token}, as_live=True, limits=Limits(60_000))
    return replace(usual, only=("core",), reports=reports, day=day)


def gaps_of(plugin: ContractTestsPlugin) -> list[Gap]:
    return [gap for gap in plugin.results.not_checked if gap.item == ROTATION]


class GivenAGoodMock:
    @pytest.mark.parametrize("revision", ["2026-04", "2026-10", "2027-01"])
    def test_when_versions_are_checked_then_nothing_is_found(self, tmp_path: Path, revision: str) -> None:
        # A preflight has no token, so the mock's own revision answers it.
        with running_mock(revision=revision) as mock:
            settings = Settings(base_url=mock.base_url, revision=revision, only=("core",), reports=tmp_path)
            results = checked(settings).results
        assert not results.findings
        assert results.passed > 20

    def test_when_it_is_treated_as_a_live_account_then_only_reads_of_operations_are_sent(
        self, mock: RunningMock, tmp_path: Path
    ) -> None:
        with proxy(mock.base_url, without_control_api) as target:
            results = checked(live(target.base_url, mock, tmp_path)).results
            assert not results.findings
            assert results.passed > 10
            sent = [request for request in target.seen if not request.path.startswith("/v1/customer-sessions")]
            assert {request.method for request in sent} == {"GET"}


class GivenADefectOfVersions:
    @pytest.mark.parametrize(("layer", "rule"), DEFECTS.values(), ids=DEFECTS)
    def test_when_versions_are_checked_then_its_rule_is_broken_first(
        self, mock: RunningMock, tmp_path: Path, layer: Layer, rule: Rule
    ) -> None:
        with proxy(mock.base_url, layer) as target:
            settings = Settings(base_url=target.base_url, revision=REVISION, only=("core",), reports=tmp_path)
            assert checked(settings).results.findings[0].rule is rule
            assert not target.mistakes


class GivenAVersionThatIsRefused:
    @pytest.mark.parametrize(("day", "is_breach"), [(date(2026, 12, 31), True), (date(2027, 1, 2), False)])
    def test_when_it_is_not_yet_removed_then_that_is_a_breach_and_afterwards_a_dated_result(
        self, mock: RunningMock, tmp_path: Path, day: date, is_breach: bool
    ) -> None:
        with proxy(mock.base_url, REMOVED_TOO_EARLY) as target:
            plugin = checked(live(target.base_url, mock, tmp_path, day))
        assert ([one.rule for one in plugin.results.findings] == [Rule.PINNED, Rule.PINNED]) is is_breach
        assert [gap.why for gap in gaps_of(plugin)] == (
            []
            if is_breach
            else [
                "2026-04 was removed in the first week of January 2027 by Polar's calendar, "
                "and the target refuses it on 2027-01-02"
            ]
        )

    def test_when_a_world_rehearses_the_rotation_then_nothing_is_found(self, mock: RunningMock, tmp_path: Path) -> None:
        control = Control(mock.base_url, lambda secret, name: None, 10.0)
        world = control.create({"scenario": "demo", "revision": REVISION})
        rehearsal: JsonObject = {"versions": {"current": "2027-01", "served": ["2026-10", "2027-01"]}}
        control.call("PATCH", f"/_mock/worlds/{world.id}", rehearsal)
        plugin = checked(replace(live(mock.base_url, mock, tmp_path), tokens={"customer": world.tokens["customer"]}))
        assert plugin.settings.service is not None
        assert plugin.settings.service.keeps == "2027-01"
        assert "2026-04 was removed in the first week of January 2027" in plugin.settings.service.sentence
