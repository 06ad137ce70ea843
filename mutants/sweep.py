"""Runs planted defects: those of single answers on a recorded run in memory, all others against the good mock behind a proxy."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

from contract_tests.reporting.progress import Progress
from mutants.defects import Defect
from mutants.processes import see_all, see_good
from mutants.recording import record
from mutants.replaying import replay
from mutants.running import Seen
from mutants.verdicts import Verdict, verdict_of

# The core checks reach every documented answer; the rows that need more are run live.
RECORDED = ("core",)


@dataclass(frozen=True, slots=True)
class Sweep:
    """How to run: a good mock for each revision, the default revision, the seed of the checks, and the number of processes."""

    mock_urls: Mapping[str, str]
    revision: str
    seed: int
    jobs: int
    progress: Progress

    def verdicts(self, chosen: Mapping[str, Defect]) -> Generator[Verdict, None, None]:
        """The verdict on each defect, as they are reached."""
        self.progress.expect(len(chosen))
        yield from self._replayed({name: one for name, one in chosen.items() if not one.is_live})
        yield from self._live({name: one for name, one in chosen.items() if one.is_live})

    def good(self, seeds: tuple[int, ...]) -> dict[int, Seen]:
        """What all checks see of the good mock, by seed."""
        return dict(see_good(self.mock_urls[self.revision], seeds, jobs=self.jobs))

    def _replayed(self, chosen: Mapping[str, Defect]) -> Iterator[Verdict]:
        for revision in dict.fromkeys(one.revision for one in chosen.values()):
            own = {name: one for name, one in chosen.items() if one.revision == revision}
            trace = record(self.mock_urls[revision], self.seed, RECORDED, revision=revision)
            for name, replayed in replay(trace, own).items():
                self.progress.step(name)
                yield verdict_of(own[name], replayed)

    def _live(self, chosen: Mapping[str, Defect]) -> Iterator[Verdict]:
        # The slowest first, so that no process waits for one at the end.
        names = sorted(chosen, key=lambda name: ": " in chosen[name].check)
        for name, seen in see_all(self.mock_urls, names, revision=self.revision, seed=self.seed, jobs=self.jobs):
            self.progress.step(name)
            yield verdict_of(chosen[name], seen)
