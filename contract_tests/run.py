"""Runs the checks of this package in-process under pytest, untouched by whatever pytest plugins and settings are around."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from contract_tests.plugin import PLUGIN_NAME, JudgePlugin
from contract_tests.progress import Progress
from contract_tests.reporting.terminal import print_report, report_console
from contract_tests.settings import Settings

_PACKAGE = Path(__file__).parent


def run(settings: Settings) -> int:
    """Judge, print the report, and return the exit code."""
    console = report_console()
    progress = Progress(sys.stderr)
    plugin = JudgePlugin(settings, progress=progress)
    pytest.main(_arguments(settings), plugins=[_Named(plugin)])
    progress.clear()
    if plugin.report is None:
        sentence = (plugin.results.problems or ["The judge stopped before it could begin; please report this."])[0]
        console.print(sentence, soft_wrap=True, markup=False)
        return 2
    print_report(plugin.report, console, plugin.redact)
    return plugin.report.outcome.exit_code


class _Named:
    """Registers the plugin under the name by which the package's conftest knows that it is there."""

    def __init__(self, plugin: JudgePlugin) -> None:
        self._plugin = plugin

    def pytest_addoption(self, parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
        pluginmanager.register(self._plugin, PLUGIN_NAME)


def _arguments(settings: Settings) -> list[str]:
    return [
        *(str(path) for kind in settings.only for path in sorted(_PACKAGE.glob(f"test_{kind}*.py"))),
        "-c",
        os.devnull,
        "--rootdir",
        str(_PACKAGE),
        "--confcutdir",
        str(_PACKAGE),
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
        "-o",
        "python_classes=Test* Given*",
        "-W",
        "ignore",
    ]
