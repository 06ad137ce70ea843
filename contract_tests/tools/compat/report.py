"""The output of `polar-contract compat`: each effect once, what breaks first; the counts come last."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.reporting.verdicts import counted
from contract_tests.tools.changes.wording import wrapped
from contract_tests.tools.compat.judging import Effect, Remark
from contract_tests.tools.compat.run import Compatibility, Found

_TITLES = {
    Effect.BREAKS: "BREAKS",
    Effect.MAY: "MAY CHANGE: what the application did still works, but it may meet this",
    Effect.NOT_JUDGED: "NOT JUDGED",
}


def lines_of(result: Compatibility) -> Iterator[str]:
    """The lines of the output."""
    for effect, title in _TITLES.items():
        sentences = _by_sentence(result, effect)
        if sentences:
            yield from (title, "")
        for sentence, found in sentences.items():
            yield from wrapped(sentence, "  ")
            total = counted(sum(one.count for one in found.values()), "request")
            yield from wrapped(f"{', '.join(found)}: {total}, first in {next(iter(found.values())).first}", "    ")
        if sentences:
            yield ""
    yield from _added(result)
    yield from (f"not judged: {line}" for line in result.left_out)
    for name, count in result.named.items():
        if count * 2 < result.judged:
            # Answers to requests that choose a version.
            continue
        yield f"{counted(count, 'answer')} of {name}, and not of {result.old}: use --from {name} for these files."
    yield f"What no recording shows (webhooks, limits, headers): polar-contract changes {result.old} {result.new}"
    yield (
        f"{counted(result.files, 'file')}: {counted(result.judged, 'request')} of {result.old} judged by {result.new}, "
        f"{result.outside} outside the contract's operations; something breaks in {result.broken}."
    )


def _by_sentence(result: Compatibility, effect: Effect) -> dict[str, dict[str, Found]]:
    """The operations and what was found in each, by sentence."""
    sentences: dict[str, dict[str, Found]] = {}
    for remark, found in result.found.items():
        if remark.effect is effect:
            sentences.setdefault(remark.sentence, {})[remark.operation_id] = found
    return sentences


def _added(result: Compatibility) -> Iterator[str]:
    fields = list(dict.fromkeys(remark.sentence for remark in result.found if _is_added(remark)))
    if fields:
        yield "ADDED: new fields in the answers, which hurt nobody who ignores unknown fields"
        yield from ("", *wrapped(", ".join(fields), "  "), "")


def _is_added(remark: Remark) -> bool:
    return remark.effect is Effect.ADDED
