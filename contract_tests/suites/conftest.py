"""Fixtures and parameters of the checks; registers the plugin when pytest is called directly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.model.conditions import holds
from contract_tests.runner.context import RunContext
from contract_tests.runner.plugin import PLUGIN_NAME, ContractTestsPlugin
from contract_tests.runner.pytest_options import register_plugin
from contract_tests.suites.cases.routes import routes
from contract_tests.suites.cases.table import core_rows
from contract_tests.suites.cases.versions import version_cases
from contract_tests.suites.cases.worlds import core_worlds
from contract_tests.suites.changes_ahead import print_ahead
from contract_tests.suites.scenario_dsl import Scenario
from contract_tests.suites.webhook_dsl import WebhookScenario, refused_scenario, webhook_scenario
from contract_tests.targets.fixtures import Fixtures
from polar_contract import revisions


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    register_plugin(config)


def pytest_runtestloop(session: pytest.Session) -> None:
    """Announce changes to a live account before the first check; the plugin has opened the target by then."""
    plugin = _plugin(session.config)
    if plugin.context is not None and not plugin.context.target.is_mock:
        print_ahead(session, plugin.context, shown=plugin.shown)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out scenarios that state a rule which the revision does not have, by their marks `when`."""
    behaviour = _plugin(config).case.contract.behaviour
    items[:] = [one for one in items if all(holds(mark.args[0], behaviour) for mark in one.iter_markers("when"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    plugin = _plugin(metafunc.config)
    operations, behaviour = plugin.case.operations, plugin.case.contract.behaviour
    if "row" in metafunc.fixturenames:
        rows = core_rows(operations, behaviour)
        metafunc.parametrize("row", rows, ids=[row.name for row in rows])
    if "route" in metafunc.fixturenames:
        table = routes(operations)
        metafunc.parametrize("route", table, ids=[route.name for route in table])
    if "version_case" in metafunc.fixturenames:
        cases = version_cases([one.revision for one in revisions() if one.versions], behaviour.request.version_header)
        metafunc.parametrize("version_case", cases, ids=[case.name for case in cases])
    if "allowed_order" in metafunc.fixturenames:
        allowed = list(dict.fromkeys(plugin.settings.permissions.invoice_ids))
        metafunc.parametrize("allowed_order", allowed or [None], ids=str)
    if "operation" in metafunc.fixturenames:
        metafunc.parametrize("operation", list(operations), ids=[operation.id for operation in operations])


@pytest.fixture(scope="session")
def context(request: pytest.FixtureRequest) -> RunContext:
    context = _plugin(request.config).context
    assert context is not None, "the target is open while checks run"
    return context


@pytest.fixture(scope="module")
def core_fixtures(context: RunContext) -> Iterator[Fixtures]:
    with context.target.fixtures(*core_worlds(context.behaviour)) as fixtures:
        yield fixtures


@pytest.fixture
def scenario(context: RunContext) -> Iterator[Scenario]:
    with _scenario(context) as scenario:
        yield scenario


@pytest.fixture(scope="module")
def read_scenario(context: RunContext) -> Iterator[Scenario]:
    """One scenario for all read-only checks of a file, because it takes long to prepare."""
    with _scenario(context) as scenario:
        yield scenario


@pytest.fixture
def documents(context: RunContext) -> Iterator[Scenario]:
    """A scenario with orders whose invoice documents have difficult contents."""
    with _scenario(context, "documents") as scenario:
        yield scenario


@pytest.fixture(scope="module")
def document_scenario(context: RunContext) -> Iterator[Scenario]:
    """The same, once for each file."""
    with _scenario(context, "documents") as scenario:
        yield scenario


@pytest.fixture
def drafts(context: RunContext) -> Iterator[Scenario]:
    """A scenario whose organization may charge saved payment methods."""
    with _scenario(context, "drafts") as scenario:
        yield scenario


@contextmanager
def _scenario(context: RunContext, world: str = "scenario") -> Iterator[Scenario]:
    if not context.target.is_mock:
        why = "they write, and a live account only gets reads and refusals"
        not_checked("scenarios", why, Remedy.MOCK, "scenarios that change an account")
    with context.target.fixtures(world) as fixtures:
        yield Scenario(context, fixtures)


@pytest.fixture(scope="session")
def refused_earlier(context: RunContext) -> Iterator[WebhookScenario]:
    """A scenario whose first event was refused at the start of the webhook checks, so that later events have another second."""
    if not context.target.is_mock:
        why = "they need changes to orders, and a receiver that the target can reach"
        not_checked("webhooks", why, Remedy.MOCK, "webhooks as they arrive")
    with refused_scenario(context) as scenario:
        yield scenario


@pytest.fixture
def webhooks(
    context: RunContext,
    refused_earlier: WebhookScenario,  # noqa: ARG001  starts with the first webhook check, so that time passes for it
) -> Iterator[WebhookScenario]:
    with webhook_scenario(context) as scenario:
        yield scenario


def _plugin(config: pytest.Config) -> ContractTestsPlugin:
    plugin = config.pluginmanager.get_plugin(PLUGIN_NAME)
    assert isinstance(plugin, ContractTestsPlugin)
    return plugin
