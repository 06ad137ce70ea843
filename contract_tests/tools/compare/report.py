"""Prints the report of a comparison on a terminal: every distinct difference, counts, and the verdict as the last line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from contract_tests.model.steps import Download
from contract_tests.tools.compare.comparing import Verdict
from contract_tests.tools.compare.summary import Difference, Summary
from contract_tests.tools.compare.targets import Pair, Side
from contract_tests.transport.exchanges import NO_STATUS, Exchange
from contract_tests.transport.visible import visible, visible_line

_MOST_SHOWN = 20
_MOST_PLACES = 6
_LONGEST_VALUE = 300
_THERE_IS_NO = "there is no "
Say = Callable[[str, str], None]


def print_differences(pair: Pair, summary: Summary, console: Console) -> None:
    """Print everything except the last line, redacted."""

    def say(text: str, style: str = "") -> None:
        console.print(Text(visible(pair.redact(text)), style=style), soft_wrap=True)

    found = summary.by_gravity()
    for difference in found[:_MOST_SHOWN]:
        _print_difference(difference, summary, say, are_mocks=pair.are_mocks)
        console.print(_side_by_side(difference, pair, is_plain=not console.is_terminal))
        _print_commands(difference, say)
    if len(found) > _MOST_SHOWN:
        say(f"\n{len(found) - _MOST_SHOWN} more distinct differences were found", "red")
    for line in _known(summary):
        say(line)
    for line in _left_out(summary):
        say(line, "yellow")
    for line in summary.copy_lacks.lines():
        say(f"not in the mock's copy of the account: {line}", "yellow")
    console.print(_counts(summary, is_plain=not console.is_terminal))


def result_line(pair: Pair, summary: Summary, problem: str | None) -> str:
    """The last line. `problem` says why the comparison ended early, None when it did not."""
    sides = f"{_named(pair.left)} and {_named(pair.right)}"
    unfinished = f" The comparison ended early: {problem}" if problem else ""
    if summary.differences and summary.fails_fast:
        return f"{sides} differ: the first difference ended the comparison, after {summary.compared} answers."
    if summary.differences:
        count = len(summary.differences)
        ways = "1 distinct way" if count == 1 else f"{count} distinct ways"
        return f"{sides} differ in {ways}: {summary.compared} answers compared.{unfinished}"
    if problem:
        return f"{sides} could not be compared: {problem}"
    if summary.excused:
        names = ", ".join(sorted(summary.excused))
        return f"{sides} have no unknown difference: {summary.compared} answers compared. Known: {names}."
    return f"{sides} answer the same: {summary.compared} answers compared."


def _named(side: Side) -> str:
    return f"the {side.name} {'mock' if side.is_mock else 'target'} {side.context.target.base_url}"


def _print_difference(difference: Difference, summary: Summary, say: Say, *, are_mocks: bool) -> None:
    what = _asked(difference)
    times = summary.times[difference.kind]
    count = "" if times == 1 else f", {times} times"
    say(f"\n✗ differs in {difference.comparison.verdict}: {what}{count}", "red")
    if not difference.story:
        say(f"  found by {difference.found_by}", "")
        return
    where = "run in new worlds with stopped clocks" if are_mocks else "of reads"
    say(f"  found by a story of the profile {difference.found_by}, {where}; steps before the last one:", "")
    for line in difference.commands:
        say(f"    {line}", "")
    if not difference.is_steady:
        say("  A second run of the story did not show it: one target does not always answer the same.", "yellow")


def _asked(difference: Difference) -> str:
    if difference.story and isinstance(difference.story[-1], Download):
        return "an invoice's document"
    return difference.left.operation_id or f"{difference.left.method} {difference.left.path}"


def _side_by_side(difference: Difference, pair: Pair, *, is_plain: bool) -> Table:
    table = Table(box=box.SIMPLE if is_plain else box.HEAVY_HEAD, padding=(0, 1))
    table.add_column("")
    for name in ("left", "right"):
        table.add_column(name, overflow="fold", ratio=1)
    rows = [(place.where, place.left, place.right) for place in difference.comparison.places[:_MOST_PLACES]]
    hidden = len(difference.comparison.places) - len(rows)
    rows += [(f"… {hidden} more places", "", "")] if hidden > 0 else []
    rows += [("the answer", _excerpt(difference.left), _excerpt(difference.right))]
    for row in rows:
        table.add_row(*(Text(_cut(visible_line(pair.redact(cell)))) for cell in row))
    return table


def _excerpt(exchange: Exchange) -> str:
    if exchange.status == NO_STATUS:
        return "(none)"
    return f"{exchange.status} (a PDF)" if exchange.body.startswith(b"%PDF-") else exchange.excerpt()


def _print_commands(difference: Difference, say: Say) -> None:
    say(f"  left   {difference.left.curl()}", "")
    say(f"  right  {difference.right.curl()}", "")


def _counts(summary: Summary, *, is_plain: bool) -> Table:
    title = "pairs of answers, by scenario"
    table = Table(title=title, title_justify="left", box=box.SIMPLE if is_plain else box.HEAVY_HEAD)
    table.add_column("scenario")
    for verdict in Verdict:
        table.add_column(str(verdict), justify="right")
    for scenario, counts in summary.verdicts.items():
        table.add_row(scenario, *_cells([counts[verdict] for verdict in Verdict]))
    return table


def _cells(counts: Sequence[int]) -> list[Text]:
    return [Text(str(count), style="red" if count and index else "") for index, count in enumerate(counts)]


def _known(summary: Summary) -> Iterator[str]:
    """The known differences by the name of their entry, with the first place of each."""
    if summary.excused:
        yield "\nknown differences, not counted (docs/fidelity.md gives the reasons; --strict counts them):"
    width = max(map(len, summary.excused), default=0)
    for name, one in sorted(summary.excused.items()):
        times = f"{one.times} {'answer' if one.times == 1 else 'answers'}"
        example = f"{one.operation}: {one.place.kind} {_cut(one.place.left)} | {_cut(one.place.right)}"
        yield f"  {name:<{width}}  {times}, such as {example}"


def _left_out(summary: Summary) -> list[str]:
    """One line per reason; everything that one target lacks shares one line."""
    missing = {reason: count for reason, count in summary.not_compared.items() if reason.startswith(_THERE_IS_NO)}
    others = {reason: count for reason, count in summary.not_compared.items() if reason not in missing}
    if missing:
        things = ", ".join(reason.removeprefix(_THERE_IS_NO) for reason in missing)
        others[f"missing on one target: {things}"] = sum(missing.values())
    return [f"not compared, {count} {'time' if count == 1 else 'times'}: {reason}" for reason, count in others.items()]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
