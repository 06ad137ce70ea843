"""The shard result of one process, the merge of several, and the report made from it. `verdicts` decides the outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contract_tests.config.settings import Settings
from contract_tests.reporting.coverage import CoverageRow, coverage_rows, unreached
from contract_tests.reporting.report import Report
from contract_tests.reporting.results import Results
from contract_tests.reporting.verdicts import Decision, decide
from contract_tests.transport.budgets import is_cut_off
from contract_tests.transport.exchanges import Exchange
from polar_contract.operations import Operations


@dataclass(frozen=True, slots=True)
class ShardResult:
    """The result of one process; plain data, so that it can be sent between processes. `target` is None when none was opened.

    `secrets` maps secrets to placeholders, because exchanges are not redacted.
    """

    results: Results
    exchanges: Sequence[Exchange]
    reached: Counter[tuple[str, int]]
    target: str | None
    target_name: str
    account: str
    is_mock: bool
    is_whole: bool
    secrets: Mapping[str, str]
    notes: tuple[str, ...] = ()
    """What was done to a live account, which one process checks."""

    @property
    def must_be_covered(self) -> bool:
        """Whether every documented response had to occur: on a mock, a run of all checks reaches each of them."""
        return self.is_mock and self.is_whole

    def counts_guarantees(self, settings: Settings) -> bool:
        """Whether a broken documented guarantee counts as a violation."""
        return settings.documented_guarantees or self.is_mock or self.target is None


def together(shards: Sequence[ShardResult]) -> ShardResult:
    """The merged result of several processes that checked the same target."""
    first = next((one for one in shards if one.target is not None), shards[0])
    results, reached = Results(), Counter[tuple[str, int]]()
    for one in shards:
        results.add(one.results)
        reached.update(one.reached)
    return ShardResult(
        results=results,
        exchanges=sorted((exchange for one in shards for exchange in one.exchanges), key=lambda one: one.started_at),
        reached=reached,
        target=first.target,
        target_name=first.target_name,
        account=first.account,
        is_mock=first.is_mock,
        is_whole=all(one.is_whole for one in shards),
        secrets={secret: name for one in shards for secret, name in one.secrets.items()},
    )


def report_of(
    shard_result: ShardResult, settings: Settings, operations: Operations | None, *, duration_seconds: float
) -> Report:
    """The report; `operations` is None when the contract could not be read."""
    is_checked = operations is not None and shard_result.target is not None
    rows = coverage_rows(operations, shard_result.reached) if operations is not None and is_checked else []
    return Report(
        settings=settings,
        target=shard_result.target or settings.base_url,
        account=shard_result.account,
        is_mock=shard_result.is_mock,
        counts_guarantees=shard_result.counts_guarantees(settings),
        must_be_covered=shard_result.must_be_covered,
        decision=_decision(shard_result, settings, rows),
        results=shard_result.results,
        rows=rows,
        exchanges=shard_result.exchanges,
        requests=len(shard_result.exchanges),
        duration_seconds=duration_seconds,
        notes=shard_result.notes,
    )


def _decision(shard_result: ShardResult, settings: Settings, rows: list[CoverageRow]) -> Decision:
    results, is_counted = shard_result.results, shard_result.counts_guarantees(settings)
    return decide(
        target=shard_result.target_name,
        findings=results.breaches if is_counted else results.broken_rules,
        waived_guarantees=() if is_counted else results.broken_guarantees,
        problems=results.problems,
        missing=unreached(rows) if shard_result.must_be_covered else [],
        passed=results.passed,
        only_rules=settings.only_rules,
        service=settings.service,
        known_differences=results.known_differences,
        cut_off=sum(count for gap, count in results.not_checked.items() if is_cut_off(gap)),
    )
