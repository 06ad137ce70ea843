"""The judge's own checks, made on two mocks at the same time: which of them one side keeps and the other breaks."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from contract_tests.checks import run_share
from contract_tests.compare.comparing import Comparison, Terms, Verdict, compare, gravity_of
from contract_tests.compare.known import NOTHING_KNOWN, Known
from contract_tests.compare.matching import Matching
from contract_tests.compare.places import Place
from contract_tests.compare.summary import Difference, Summary
from contract_tests.compare.targets import Pair, Side
from contract_tests.exchanges import NO_STATUS, Exchange
from contract_tests.findings import CannotRun, Finding
from contract_tests.results import Checked, Results
from contract_tests.rules import Rule
from contract_tests.settings import Settings, Share
from contract_tests.workers import each_in_a_process

CHECKS = "checks"
# Not the generated requests: they take longer than all others together. The quick ones first.
_MADE: tuple[str, ...] = ("core", "webhooks", "scenarios", "model")
_KEPT = "keeps it"
# Values differ for many a reason, see below.
_TOLD_BY_AN_ANSWER = (Verdict.STATUS, Verdict.ERROR_NAME, Verdict.SHAPE)
_OF_WHOLE_ANSWERS = ("status", "error")


def compare_checks(pair: Pair, summary: Summary) -> None:
    """Errors: CannotJudge when a side can't be judged to the end, though it is a mock. What was found by then is in the tally."""
    # All kinds at once are faster, one after another tell sooner.
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
    """Those of the comparison, for the checks of one side in a process of its own."""
    url = side.context.target.base_url
    return replace(side.context.case.settings, base_url=url, only=kinds, reports=reports, share=Share(0, 1))


def differences(left: Results, right: Results, summary: Summary, known: Known = NOTHING_KNOWN) -> Iterator[Difference]:
    """The checks of which the sides do not keep the same; all are counted in the tally, and so are those that are known."""
    others = {one.name: one for one in right.checked}
    for one in left.checked:
        other = others.get(one.name)
        # A run ends early where answers are too slow; that is told by the check that noticed it.
        if other is None:
            continue
        if _broken(one) == _broken(other):
            summary.count(CHECKS, Verdict.SAME)
        elif not one.exchanges and not other.exchanges:
            summary.not_compared["the judge's check ended before either side had answered"] += 1
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
    """The known answer that made one side break what the other one keeps: its status, to the operation of each finding."""
    matching = Matching()
    pairs = [
        (compare(one, other, matching, Terms(known)), one)
        for one, other in _same_requests(left.exchanges, right.exchanges)
    ]
    if any(comparison.verdict in _TOLD_BY_AN_ANSWER for comparison, _ in pairs):
        return None
    answers = {
        one.operation_id: (comparison, one)
        for comparison, one in pairs
        if any(place.where in _OF_WHOLE_ANSWERS for _, place in comparison.known)
    }
    broken = {operation for _, operation in _broken(left) ^ _broken(right)}
    return answers[min(broken, key=str)] if broken and broken <= answers.keys() else None


def _difference(left: Checked, right: Checked, known: Known) -> Difference:
    """The answers that came to differ, and what the judge says of them."""
    # Only complete answers are kept: a side without any fell silent at the first request.
    answers = left.exchanges or _silent(right.exchanges), right.exchanges or _silent(left.exchanges)
    comparison, one, other = _gravest(*answers, known)
    said = Place(*_said(left.findings, right.findings))
    # Values differ for many a reason, and what a receiver got is in no answer: what the judge says is what counts.
    is_plain = comparison.verdict not in _TOLD_BY_AN_ANSWER
    told = Comparison(Verdict.VALUE, (said,)) if is_plain else replace(comparison, places=(*comparison.places, said))
    return Difference(told, one, other, f"the judge's check {left.name.rpartition('::')[2]}")


def _silent(answered: Sequence[Exchange]) -> list[Exchange]:
    """What the side that kept silent has for the first request of the other one."""
    return [replace(answered[0], status=NO_STATUS, headers={}, body=b"")]


def _gravest(
    left: Sequence[Exchange], right: Sequence[Exchange], known: Known
) -> tuple[Comparison, Exchange, Exchange]:
    """The pair that differs most, of several the last: a check ends soon after what it finds."""
    matching = Matching()
    pairs = [(compare(one, other, matching, Terms(known)), one, other) for one, other in _same_requests(left, right)]
    return min(reversed(pairs), key=lambda pair: gravity_of(pair[0].verdict))


def _same_requests(left: Sequence[Exchange], right: Sequence[Exchange]) -> list[tuple[Exchange, Exchange]]:
    """The answers to what both were asked, until a check goes its own way on one side; the first ones in any case."""
    pairs, matching = list(zip(left, right, strict=False)), Matching()
    alike = itertools.takewhile(lambda pair: matching.is_same_text(_asked(pair[0]), _asked(pair[1])), pairs)
    return list(alike) or pairs[:1]


def _asked(exchange: Exchange) -> str:
    """Method, path and query."""
    return f"{exchange.method} {urlunsplit(('', '', *urlsplit(exchange.url)[2:]))}"


def _said(left: Sequence[Finding], right: Sequence[Finding]) -> tuple[str, str, str]:
    """The first rule that only one side breaks, and what each side makes of it."""
    rules = {finding.rule for finding in left} ^ {finding.rule for finding in right}
    first = next((finding for finding in (*left, *right) if finding.rule in rules), (*left, *right)[0])
    return str(first.rule), _of_rule(first.rule, left), _of_rule(first.rule, right)


def _of_rule(rule: Rule, findings: Sequence[Finding]) -> str:
    found = next((finding for finding in findings if finding.rule == rule), None)
    return f"expected {found.expected}, got {found.got}" if found is not None else _KEPT
