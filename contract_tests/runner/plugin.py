"""The pytest plugin of the contract tests: the state of one run, and the parts that open, collect and finish it."""

from __future__ import annotations

import pytest

from contract_tests.runner.collecting import ResultCollector
from contract_tests.runner.finishing import RunFinisher
from contract_tests.runner.opening import TargetOpener
from contract_tests.runner.run_state import Run

PLUGIN_NAME = "polar-contract-tests"


class ContractTestsPlugin(Run):
    """One run as a pytest plugin. Checks and fixtures find it by `PLUGIN_NAME`."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the parts. Tracebacks that are never printed are not formatted: that takes time."""
        if not config.pluginmanager.hasplugin("terminalreporter"):
            config.option.tbstyle = "value"
        config.addinivalue_line("markers", "live: checks a live account, never the mock")
        config.addinivalue_line("markers", "when(rules): states these rules of a revision; left out where they differ")
        for part in (TargetOpener(self), ResultCollector(self), RunFinisher(self)):
            config.pluginmanager.register(part)
