"""Fixtures and cases of the checks, and the judge's entry into pytest when pytest is called directly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from contract_tests.core.routes import routes
from contract_tests.core.table import core_rows
from contract_tests.findings import CannotJudge
from contract_tests.fixtures import Fixtures
from contract_tests.gaps import Remedy, not_judged
from contract_tests.judging import Judge
from contract_tests.options import settings_from
from contract_tests.plugin import PLUGIN_NAME, JudgePlugin
from contract_tests.stories import Story
from contract_tests.webhooks.stories import WebhookStory, refused_story, webhook_story


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.hasplugin(PLUGIN_NAME):
        return
    try:
        plugin = JudgePlugin(settings_from(config))
    except CannotJudge as problem:
        pytest.exit(str(problem), returncode=2)
    config.pluginmanager.register(plugin, PLUGIN_NAME)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    plugin = _plugin(metafunc.config)
    try:
        operations = plugin.case.operations
    except CannotJudge as problem:
        plugin.results.problems.append(str(problem))
        pytest.exit(str(problem), returncode=2)
    if "row" in metafunc.fixturenames:
        rows = core_rows(operations)
        metafunc.parametrize("row", rows, ids=[row.name for row in rows])
    if "route" in metafunc.fixturenames:
        table = routes(operations)
        metafunc.parametrize("route", table, ids=[route.name for route in table])
    if "allowed_order" in metafunc.fixturenames:
        allowed = list(dict.fromkeys(plugin.settings.permissions.invoice_ids))
        metafunc.parametrize("allowed_order", allowed or [None], ids=str)
    if "operation" in metafunc.fixturenames:
        metafunc.parametrize("operation", list(operations), ids=[operation.id for operation in operations])


@pytest.fixture(scope="session")
def judge(request: pytest.FixtureRequest) -> Judge:
    judge = _plugin(request.config).judge
    assert judge is not None, "the target is open while checks run"
    return judge


@pytest.fixture(scope="module")
def core_fixtures(judge: Judge) -> Iterator[Fixtures]:
    with judge.target.fixtures("core", "members", "limited") as fixtures:
        yield fixtures


@pytest.fixture
def story(judge: Judge) -> Iterator[Story]:
    with _story(judge) as story:
        yield story


@pytest.fixture(scope="module")
def read_story(judge: Judge) -> Iterator[Story]:
    """One story for all checks of a room that do no more than read, where it takes long to prepare."""
    with _story(judge) as story:
        yield story


@pytest.fixture
def documents(judge: Judge) -> Iterator[Story]:
    """A story of orders that have something to get wrong in a document."""
    with _story(judge, "documents") as story:
        yield story


@pytest.fixture(scope="module")
def document_story(judge: Judge) -> Iterator[Story]:
    """The same, once for a room."""
    with _story(judge, "documents") as story:
        yield story


@contextmanager
def _story(judge: Judge, world: str = "story") -> Iterator[Story]:
    if not judge.target.is_mock:
        why = "they write, and a live account only gets reads and refusals"
        not_judged("stories", why, Remedy.MOCK, "stories that change an account")
    with judge.target.fixtures(world) as fixtures:
        yield Story(judge, fixtures)


@pytest.fixture(scope="session")
def refused_earlier(judge: Judge) -> Iterator[WebhookStory]:
    """A story whose first event was refused when the checks of webhooks began: what comes next comes in another second."""
    if not judge.target.is_mock:
        why = "they need changes to orders, and a receiver that the target can reach"
        not_judged("webhooks", why, Remedy.MOCK, "webhooks as they arrive")
    with refused_story(judge) as story:
        yield story


@pytest.fixture
def webhooks(
    judge: Judge,
    refused_earlier: WebhookStory,  # noqa: ARG001  begun with the first of these, so that time passes for it
) -> Iterator[WebhookStory]:
    with webhook_story(judge) as story:
        yield story


def _plugin(config: pytest.Config) -> JudgePlugin:
    plugin = config.pluginmanager.get_plugin(PLUGIN_NAME)
    assert isinstance(plugin, JudgePlugin)
    return plugin
