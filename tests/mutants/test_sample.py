"""In each run of the tests: all defects of single answers, and some of those that need a target, with those that changed first.

The seed is the commit, so the sample is the same for one commit and all defects get their turn. `make mutants` runs all.
"""

from __future__ import annotations

import random
import sys
from contextlib import ExitStack

from contract_tests.reporting.progress import Progress
from mock_server.testing import RunningMock, running_mock
from mutants.changed import NoSuchRevision, changes_since, concerned, current_commit
from mutants.choosing import sample
from mutants.defects import Defect, defects
from mutants.sweep import Sweep
from polar_contract import default_revision

_SAMPLED = 6
# More would make the tests slow after a change of many checks.
_MOST_CHANGED = 6
_SINCE = "HEAD~1"


def test_given_planted_defects_when_they_are_run_then_each_is_caught_by_a_rule_that_it_names(
    good_mock: RunningMock,
) -> None:
    every, seed = defects(default_revision()), current_commit()
    print(f"the sample's seed is {seed}")
    in_memory = {name: one for name, one in every.items() if not one.is_live}
    live = {name: one for name, one in every.items() if one.is_live}
    chosen = {**in_memory, **sample(live, _SAMPLED, seed), **_changed(live, seed)}
    with ExitStack() as mocks:
        # A request without a token is answered by the revision that its mock was started with.
        others = {one.revision for one in chosen.values()} - {default_revision()}
        urls = {other: mocks.enter_context(running_mock(revision=other)).base_url for other in sorted(others)}
        urls[default_revision()] = good_mock.base_url
        sweep = Sweep(urls, default_revision(), seed=1, jobs=1, progress=Progress(sys.stderr))
        verdicts = list(sweep.verdicts(chosen))
    assert [f"{one.defect.name}: {one.problem}" for one in verdicts if not one.is_caught] == []
    assert {one.defect.name for one in verdicts} == set(chosen)


def _changed(live: dict[str, Defect], seed: str) -> dict[str, Defect]:
    """Some of the defects that the last commit or the working tree concerns; none in a checkout without history."""
    try:
        found = concerned(live, changes_since(_SINCE))
    except NoSuchRevision as problem:
        print(f"{problem} Only the sample is run.")
        return {}
    print(f"{len(found)} defects are concerned by the changes since {_SINCE}; {_MOST_CHANGED} of them are run at most")
    names = random.Random(seed).sample(sorted(found), min(_MOST_CHANGED, len(found)))
    return {name: found[name] for name in names}
