"""Opens the target before the first check, and chooses the checks for it."""

from __future__ import annotations

import pytest

from contract_tests.config.errors import CannotRun
from contract_tests.config.gaps import NotChecked
from contract_tests.runner.context import RunContext
from contract_tests.runner.run_state import Run, is_ours
from contract_tests.runner.workers import checks_of
from contract_tests.targets.open import open_target


class TargetOpener:
    """Hooks before the first check. The target is closed when the session ends."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Open the target before the first check; without a target no check runs."""
        if session.config.option.collectonly or not any(is_ours(item) for item in session.items):
            return None
        case = self._run.case
        if self._run.problem:
            self._run.results.problems.append(self._run.shown(self._run.problem))
            return True
        try:
            target = self._run.cleanup.enter_context(
                open_target(
                    self._run.settings,
                    case.operations,
                    ledger=case.ledger,
                    learn=case.redactor.learn,
                    headers=case.version_headers,
                )
            )
        except CannotRun as problem:
            self._run.results.problems.append(self._run.shown(str(problem)))
            return True
        except NotChecked as problem:
            self._run.results.problems.append(
                f"The target could not be inspected within the limits of the run ({problem})."
            )
            return True
        self._run.context = RunContext(case, target)
        case.rules.session_checker.observed_state.is_shared = not target.is_mock
        if target.is_mock:
            session.items = [item for item in session.items if not item.get_closest_marker("live")]
        if self._run.settings.share is not None:
            session.items = checks_of(session.items, self._run.settings.share, is_mock=target.is_mock)
        if target.is_mock:
            self.pytest_collection_finish(session)
        self._run.target_name = f"The mock at {target.base_url}" if target.is_mock else target.base_url
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """No check starts after the run's time limit, even if it sends no request."""
        if self._run.context is not None and is_ours(item):
            self._run.context.target.budget.require(0)

    def pytest_deselected(self) -> None:
        """With `-k` and similar options, missing coverage cannot be reported."""
        self._run.selected_all = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Pass the number of checks to the progress line; it is known from here on."""
        if self._run.progress is not None:
            self._run.progress.expect(len(session.items))
