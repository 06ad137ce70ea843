"""Runs the checks of this package with pytest in this process, isolated from other pytest plugins and settings."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contract_tests.config.settings import Settings
from contract_tests.reporting.progress import Progress
from contract_tests.runner.identifying import Beginning
from contract_tests.runner.merge import ShardResult
from contract_tests.runner.plugin import PLUGIN_NAME, ContractTestsPlugin
from contract_tests.transport.signals import heed_once

_OPTIONS_OF_PYTEST = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
_SUITES = Path(__file__).parents[1] / "suites"


def make_checks(
    settings: Settings, *, progress: Progress | None = None, beginning: Beginning | None = None
) -> ContractTestsPlugin:
    """Run the checks. Returns the plugin, with its report unless the run could not start."""
    begun = beginning or Beginning(settings)
    plugin = ContractTestsPlugin(settings, progress=progress, asked_before=begun.exchanges, problem=begun.problem)
    run_plugin(plugin, _Frozen())
    return plugin


def run_plugin(plugin: ContractTestsPlugin, *others: object) -> None:
    """Run the checks with this plugin and other pytest plugins, such as one that selects checks."""
    with _without_options_of_the_user():
        pytest.main(_arguments(plugin.settings), plugins=[_Named(plugin), *others])


@contextmanager
def _without_options_of_the_user() -> Iterator[None]:
    """Pipelines set options for their own tests in the environment, and pytest would take them for these, too."""
    kept = {name: os.environ.pop(name) for name in _OPTIONS_OF_PYTEST if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


def run_share(settings: Settings) -> ShardResult:
    """Run one share of the checks; a function of its own so that another process can call it."""
    heed_once()
    return make_checks(settings).shard_result()


class _Frozen:
    """Spares the garbage collector what lives until the process ends: modules, contract, collected checks.

    Only for a process of its own, such as that of a command: what is frozen is never freed.
    """

    def pytest_collection_finish(self) -> None:
        gc.freeze()


class _Named:
    """Registers the plugin under the name that the package's conftest looks for."""

    def __init__(self, plugin: ContractTestsPlugin) -> None:
        self._plugin = plugin

    def pytest_addoption(self, parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
        pluginmanager.register(self._plugin, PLUGIN_NAME)


def _arguments(settings: Settings) -> list[str]:
    return [
        *(str(path) for kind in settings.only for path in sorted(_SUITES.glob(f"test_{kind}*.py"))),
        "-c",
        os.devnull,
        "--rootdir",
        str(_SUITES),
        "--confcutdir",
        str(_SUITES),
        "--disable-plugin-autoload",
        "--capture",
        "sys",
        "--import-mode",
        "importlib",
        "-p",
        "no:terminal",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:debugging",
        # These two only warn, and warnings are off; one of them collects all garbage five times before it ends.
        "-p",
        "no:unraisableexception",
        "-p",
        "no:threadexception",
        "-o",
        "python_classes=Test* Given*",
        # Ids of rows contain non-ASCII characters, such as `row · 200`.
        "-o",
        "disable_test_id_escaping_and_forfeit_all_rights_to_community_support=true",
        "-W",
        "ignore",
    ]
