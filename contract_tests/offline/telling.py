"""What a judgement of files says besides its findings: counts, and what was not judged and how to have it judged."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.offline.callers import Caller
from contract_tests.offline.judging import OfflineVerdict
from contract_tests.verdicts import counted
from contract_tests.visible import visible_line

_MOST_SHOWN = 8
# Source: Chrome exports no `Authorization` and no cookies since its release 130, unless told to.
_HOW_TO_EXPORT = """\
  Still judged there: that each answer is documented, its shape, words and values, and what the order allows.
  To have all judged, export with the header. Chrome and Edge: DevTools, Settings, Preferences, Network, "Allow to
  generate HAR with sensitive data", then "Export HAR (with sensitive data)". Playwright and proxies keep it."""
_ALL_HEADERS = "  If the files hold every header that was sent, say so with --all-headers: then nobody asked there."
_MASKED_BY_RUNS = "  Reports of `polar-contract run` never hold a token; who may ask was judged during the run."


def lines_of(verdict: OfflineVerdict) -> Iterator[str]:
    """Line by line; the counts come last."""
    hidden: dict[Caller, int] = {
        one: count for one, count in verdict.callers.items() if one is not Caller.SHOWN and count
    }
    if hidden:
        yield from _of_callers(verdict, hidden)
    for line in verdict.left_out[:_MOST_SHOWN]:
        yield visible_line(f"not judged: {line}")
    if len(verdict.left_out) > _MOST_SHOWN:
        yield f"not judged: {len(verdict.left_out) - _MOST_SHOWN} answers more, for want of a body"
    counts = f"{counted(verdict.judged, 'answer')} judged, {verdict.outside} outside the contract's operations"
    yield f"{counted(verdict.files, 'file')}: {counts}, {counted(len(verdict.findings), 'finding')}"


def _of_callers(verdict: OfflineVerdict, hidden: dict[Caller, int]) -> Iterator[str]:
    why = ", ".join(f"{counted(count, 'request')} {caller}" for caller, count in sorted(hidden.items()))
    answers = f"{sum(hidden.values())} of {counted(verdict.judged, 'answer')}"
    yield f"not judged: who may ask (401, 403, whose orders are shown), in {answers}: {why}."
    yield _HOW_TO_EXPORT
    if Caller.LEFT_OUT in hidden:
        yield _ALL_HEADERS
    if Caller.MASKED in hidden:
        yield _MASKED_BY_RUNS
