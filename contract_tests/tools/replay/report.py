"""The output of `polar-contract replay` after the findings: counts, and what was not checked and how to have it checked."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.checks.chosen_rules import only_sentence
from contract_tests.reporting.verdicts import counted
from contract_tests.tools.replay.callers import Caller
from contract_tests.tools.replay.checking import OfflineVerdict
from contract_tests.transport.visible import visible_line

_MOST_SHOWN = 8
# Source: since release 130 Chrome exports no `Authorization` and no cookies by default.
_HOW_TO_EXPORT = """\
  Still checked in these answers: status, shape, texts and values, and what the order's state allows.
  To check everything, export with the header. Chrome and Edge: DevTools, Settings, Preferences, Network, "Allow to
  generate HAR with sensitive data", then "Export HAR (with sensitive data)". Playwright and proxies keep the header."""
_ALL_HEADERS = "  If the files contain every header that was sent, use --all-headers: these requests then count as sent without a token."
_MASKED_BY_RUNS = "  Reports of `polar-contract run` never contain tokens; authorization was checked during the run."


def lines_of(verdict: OfflineVerdict) -> Iterator[str]:
    """The lines of the output; the counts come last."""
    hidden: dict[Caller, int] = {
        one: count for one, count in verdict.callers.items() if one is not Caller.SHOWN and count
    }
    if hidden:
        yield from _of_callers(verdict, hidden)
    for line in verdict.left_out[:_MOST_SHOWN]:
        yield visible_line(f"not checked: {line}")
    if len(verdict.left_out) > _MOST_SHOWN:
        yield f"not checked: {len(verdict.left_out) - _MOST_SHOWN} more answers with a missing body"
    if verdict.known:
        fields = ", ".join(f"{name} {count}" for name, count in sorted(verdict.known.items()))
        total = counted(sum(verdict.known.values()), "field")
        yield f"known: answers from before the document was completed lack {total} that it requires ({fields})"
    if verdict.judged_by:
        yield visible_line(verdict.judged_by)
    only = f". {only_sentence(verdict.only_rules)}" if verdict.only_rules else ""
    counts = f"{counted(verdict.checked, 'answer')} checked, {verdict.outside} outside the contract's operations"
    yield f"{counted(verdict.files, 'file')}: {counts}, {counted(len(verdict.findings), 'finding')}{only}"


def _of_callers(verdict: OfflineVerdict, hidden: dict[Caller, int]) -> Iterator[str]:
    why = ", ".join(f"{counted(count, 'request')} {caller}" for caller, count in sorted(hidden.items()))
    answers = f"{sum(hidden.values())} of {counted(verdict.checked, 'answer')}"
    yield f"not checked: authorization (401, 403, whose orders are shown), in {answers}: {why}."
    yield _HOW_TO_EXPORT
    if Caller.LEFT_OUT in hidden:
        yield _ALL_HEADERS
    if Caller.MASKED in hidden:
        yield _MASKED_BY_RUNS
