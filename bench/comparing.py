"""Compare the contract tests with plain Schemathesis on the same mock: answers seen, and planted defects caught."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.programs import Reach, Verdict, reach_of, run_contract_tests, run_schemathesis
from mock_server.testing import running_mock
from mutants.defects import planted
from mutants.proxy import proxy
from polar_contract import Contract, load_contract
from polar_contract.operations import Operations

TestRun = Callable[[str, Path], Verdict]
Progress = Callable[[str], None]
# One of each kind that shows in answers to single requests, and two that only a sequence shows.
SAMPLE = (
    "status: 202 of customer_portal:orders:generate_invoice as 200",
    "body: max_page is called pages",
    "error: NotPaidOrder of customer_portal:orders:generate_invoice (422) as MissingInvoiceBillingDetails",
    "rule: unpaid accepted",
    "rule: a second request gives another number",
    "auth: no token needed",
    "id: customer_portal:orders:get finds no malformed id",
    "value: the total is one off",
    "unreliable: a 500 now and then",
    "rule: PATCH leaks to another order",
)
# Both get the same number of generated requests for each operation and kind.
_EXAMPLES = ("--max-examples", "5")


@dataclass(frozen=True, slots=True)
class Compared:
    """One program's results. `accused` are complaints about the good mock, none of which is right."""

    program: str
    good: Verdict
    reach: Reach
    accused: int
    caught: list[str]
    requests: int
    """Requests that were spent on the planted defects."""

    @property
    def caught_per_100_requests(self) -> float:
        return 100 * len(self.caught) / self.requests if self.requests else 0.0


def compare_programs(progress: Progress, *, sample: tuple[str, ...] = SAMPLE) -> Iterator[Compared]:
    """Run both programs, one after the other: on the good mock, then on each defect of the sample."""
    contract = load_contract("0.1.0")
    operations = Operations(contract.published, contract.effective)
    with running_mock(revision=contract.revision) as mock:
        for name, whole, on_defect in _programs(contract, operations):
            yield _compared(name, mock.base_url, whole, on_defect, operations, sample=sample, progress=progress)


def _programs(contract: Contract, operations: Operations) -> Iterator[tuple[str, TestRun, TestRun]]:
    """A name, how it tests the good mock, and how a defect: Schemathesis can't stop early, as it reports the good mock too."""
    yield (
        "polar-contract",
        lambda url, folder: run_contract_tests(url, folder, operations, *_EXAMPLES),
        lambda url, folder: run_contract_tests(
            url, folder, operations, *_EXAMPLES, "--fail-fast", "--skip", "properties"
        ),
    )

    def plain(url: str, folder: Path) -> Verdict:
        return run_schemathesis(url, folder, contract, operations, *_EXAMPLES)

    yield "schemathesis run", plain, plain


def _compared(
    name: str,
    url: str,
    whole: TestRun,
    on_defect: TestRun,
    operations: Operations,
    *,
    sample: tuple[str, ...],
    progress: Progress,
) -> Compared:
    progress(f"{name}: the good mock")
    good = _in_folder(whole, url)
    caught, requests = [], 0
    for defect in sample:
        progress(f"{name}: {defect}")
        with proxy(url, planted(defect)) as faulty:
            verdict = _in_folder(on_defect, faulty.base_url)
        requests += verdict.requests
        if verdict.complaints - good.complaints:
            caught.append(defect)
    return Compared(name, good, reach_of(good, operations), len(good.complaints), caught, requests)


def _in_folder(run: TestRun, url: str) -> Verdict:
    with TemporaryDirectory() as folder:
        return run(url, Path(folder))
