"""Runs the contract tests on two mocks at the same time and finds the checks that pass on one side and fail on the other."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from contract_tests.checks.findings import Finding
from contract_tests.checks.rules import Rule
from contract_tests.config.errors import CannotRun
from contract_tests.config.settings import Settings, Share
from contract_tests.reporting.results import Checked, Results
from contract_tests.runner.pytest_session import run_share
from contract_tests.runner.workers import each_in_a_process
from contract_tests.tools.compare.comparing import Comparison, Terms, Verdict, compare, gravity_of
from contract_tests.tools.compare.known import NOTHING_KNOWN, Known
from contract_tests.tools.compare.matching import Matching
from contract_tests.tools.compare.places import Place
from contract_tests.tools.compare.summary import Difference, Summary
from contract_tests.tools.compare.targets import Pair, Side
from contract_tests.transport.exchanges import NO_STATUS, Exchange

CHECKS = "checks"
# Without the generated requests, which take longer than all others together. The quick ones first.
_MADE: tuple[str, ...] = ("core", "webhooks", "scenarios", "model")
_KEPT = "passes"
# A difference of values is not enough, see `_difference`.
_SHOWN_BY_AN_ANSWER = (Verdict.STATUS, Verdict.ERROR_NAME, Verdict.SHAPE)
_OF_WHOLE_ANSWERS = ("status", "error")


def compare_checks(pair: Pair, summary: Summary) -> None:
    """Compare the results of the contract tests. `summary` holds what was found, also after an error.

    Errors: CannotRun when the contract tests can't be completed on one of the mocks.
    """
    # All kinds at once take less time; one after another, the first difference is reported sooner.
    for kinds in [(kind,) for kind in _MADE] if summary.fails_fast else [_MADE]:
        _compare_kinds(kinds, pair, summary)


def _compare_kinds(kinds: tuple[str, ...], pair: Pair, summary: Summary) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = [_settings_of(side, kinds, Path(folder, side.name)) for side in (pair.left, pair.right)]
        left, right = (found.results for found in each_in_a_process(settings, run_share))
    for difference in differences(left, right, summary, pair.excused):
        summary.keep(difference)
    problems = [*left.problems, *right.problems]
    if problems:
        raise CannotRun(problems[0])


def _settings_of(side: Side, kinds: tuple[str, ...], reports: Path) -> Settings:
    """The settings of the comparison, changed to run the checks of one side in a separate process."""
    url = side.context.target.base_url
    return replace(side.context.case.settings, base_url=url, only=kinds, reports=reports, share=Share(0, 1))


def differences(left: Results, right: Results, summary: Summary, known: Known = NOTHING_KNOWN) -> Iterator[Difference]:
    """The checks whose results differ. `summary` counts all checks, including the known differences."""
    others = {one.name: one for one in right.checked}
    for one in left.checked:
        other = others.get(one.name)
        # A run ends early where answers are too slow; the check that noticed it reports that.
        if other is None:
            continue
        if _broken(one) == _broken(other):
            summary.count(CHECKS, Verdict.SAME)
        elif not one.exchanges and not other.exchanges:
            summary.not_compared["the contract test ended before either target answered"] += 1
        elif (excuse := _excuse(one, other, known)) is not None:
            summary.count(CHECKS, Verdict.KNOWN)
            summary.excuse(*excuse)
        else:
            difference = _difference(one, other, known)
            summary.count(CHECKS, difference.comparison.verdict)
            yield difference


def _broken(check: Checked) -> set[tuple[Rule, str | None]]:
    return {(finding.rule, finding.operation_id) for finding in check.findings}


def _excuse(left: Checked, right: Checked, known: Known) -> tuple[Comparison, Exchange] | None:
    """The known difference that explains why a check fails on one side only.

    It has to differ in status or error, and there has to be one for the operation of every finding.
    """
    matching = Matching()
    pairs = [
        (compare(one, other, matching, Terms(known)), one)
        for one, other in _same_requests(left.exchanges, right.exchanges)
    ]
    if any(comparison.verdict in _SHOWN_BY_AN_ANSWER for comparison, _ in pairs):
        return None
    answers = {
        one.operation_id: (comparison, one)
        for comparison, one in pairs
        if any(place.where in _OF_WHOLE_ANSWERS for _, place in comparison.known)
    }
    broken = {operation for _, operation in _broken(left) ^ _broken(right)}
    return answers[min(broken, key=str)] if broken and broken <= answers.keys() else None


def _difference(left: Checked, right: Checked, known: Known) -> Difference:
    """The answers that differ most, and the rule that only one side broke."""
    # Only complete answers are kept: a side without any gave no response to the first request.
    answers = left.exchanges or _no_response(right.exchanges), right.exchanges or _no_response(left.exchanges)
    comparison, one, other = _gravest(*answers, known)
    said = Place(*_said(left.findings, right.findings))
    # Values differ for other reasons too, and no answer shows what a webhook receiver got: then only the finding counts.
    is_plain = comparison.verdict not in _SHOWN_BY_AN_ANSWER
    shown = Comparison(Verdict.VALUE, (said,)) if is_plain else replace(comparison, places=(*comparison.places, said))
    return Difference(shown, one, other, f"the contract test {left.name.rpartition('::')[2]}")


def _no_response(answered: Sequence[Exchange]) -> list[Exchange]:
    """An exchange without a response, for the side that did not answer the other side's first request."""
    return [replace(answered[0], status=NO_STATUS, headers={}, body=b"")]


def _gravest(
    left: Sequence[Exchange], right: Sequence[Exchange], known: Known
) -> tuple[Comparison, Exchange, Exchange]:
    """The pair with the most severe difference; of equal ones the last, because a check ends soon after its finding."""
    matching = Matching()
    pairs = [(compare(one, other, matching, Terms(known)), one, other) for one, other in _same_requests(left, right)]
    return min(reversed(pairs), key=lambda pair: gravity_of(pair[0].verdict))


def _same_requests(left: Sequence[Exchange], right: Sequence[Exchange]) -> list[tuple[Exchange, Exchange]]:
    """Pairs of answers to the same requests, until the requests of the two sides diverge; at least the first pair."""
    pairs, matching = list(zip(left, right, strict=False)), Matching()
    alike = itertools.takewhile(lambda pair: matching.is_same_text(_asked(pair[0]), _asked(pair[1])), pairs)
    return list(alike) or pairs[:1]


def _asked(exchange: Exchange) -> str:
    """Method, path and query."""
    return f"{exchange.method} {urlunsplit(('', '', *urlsplit(exchange.url)[2:]))}"


def _said(left: Sequence[Finding], right: Sequence[Finding]) -> tuple[str, str, str]:
    """The first rule that only one side breaks, and its result on each side."""
    rules = {finding.rule for finding in left} ^ {finding.rule for finding in right}
    first = next((finding for finding in (*left, *right) if finding.rule in rules), (*left, *right)[0])
    return str(first.rule), _of_rule(first.rule, left), _of_rule(first.rule, right)


def _of_rule(rule: Rule, findings: Sequence[Finding]) -> str:
    found = next((finding for finding in findings if finding.rule == rule), None)
    return f"expected {found.expected}, got {found.got}" if found is not None else _KEPT
