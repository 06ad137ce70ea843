"""The report as one self-contained HTML page: no scripts, no fonts, no requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from contract_tests.checks.findings import Finding
from contract_tests.checks.transcripts import MARK
from contract_tests.config.gaps import Gap, groups_of
from contract_tests.reporting.report import Report, timings
from contract_tests.reporting.table import Cell, cell_of, statuses_of
from contract_tests.reporting.verdicts import Verdict, counted

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --bad: #c62828; --good: #2e7d32; --shy: #888; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; } h3 { font-size: 1rem; }
.verdict { border-left: .4rem solid var(--bad); padding: .6rem 1rem; background: #8881; font-weight: 600; }
.verdict.keeps { border-color: var(--good); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.never { color: var(--bad); font-weight: 600; } .shy { color: var(--shy); }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; padding: .5rem 1rem; }
summary { cursor: pointer; } summary b { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { color: var(--shy); } dd { margin: 0; }
mark { background: #ffd54f66; color: inherit; }
pre { background: #8881; padding: .6rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def page_of(report: Report) -> str:
    """The whole page."""
    title = "polar-contract: " + str(report.decision.verdict)
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
            *_head(report),
            *_findings(report),
            *_guarantees(report),
            *_known_differences(report),
            *_matrix(report),
            *_not_checked(report),
            *_timings(report),
            "</body></html>\n",
        ]
    )


def _head(report: Report) -> Iterator[str]:
    yield "<h1>Contract report</h1>"
    if report.service:
        yield f"<p>{escape(report.service)}</p>"
    yield f'<p class="verdict {escape(str(report.decision.verdict))}">{escape(report.decision.sentence)}</p>'
    facts = {
        "target": report.target or "none",
        **({"account": report.account} if report.account else {}),
        **({"proxy": report.proxy} if report.proxy else {}),
        "contract": report.settings.revision,
        "seed": str(report.settings.seed),
        "checks": f"{report.results.passed} passed, {report.results.failed} failed",
        "requests": f"{report.requests} in {report.duration_seconds:.1f} s",
    }
    yield "<dl>" + "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts.items()) + "</dl>"
    for sentence in (*report.results.problems, *report.notes):
        yield f"<p>{escape(sentence)}</p>"


def _findings(report: Report) -> Iterator[str]:
    shown = report.findings
    counts = f"{counted(len(shown), 'broken rule')}, {counted(len(report.results.broken_rules), 'finding')}"
    yield f"<h2>Findings ({counts})</h2>"
    if not shown:
        yield '<p class="shy">None.</p>'
    for finding in shown:
        yield _finding(finding)


def _guarantees(report: Report) -> Iterator[str]:
    if not report.broken_guarantees:
        return
    yield f"<h2>Documented guarantees that are not kept ({len(report.broken_guarantees)})</h2>"
    counted = (
        "They count in this run." if report.counts_guarantees else "They do not count without --documented-guarantees."
    )
    yield f'<p class="shy">{counted}</p>'
    for finding in report.broken_guarantees:
        yield _finding(finding)


def _known_differences(report: Report) -> Iterator[str]:
    if not report.known_differences:
        return
    yield f"<h2>Known differences of the two revisions ({len(report.known_differences)})</h2>"
    yield '<p class="shy">They are no breach of the revision that the target keeps.</p>'
    for finding in report.known_differences:
        yield _finding(finding)


def _finding(finding: Finding) -> str:
    parts = {
        **({"difference": finding.known_difference} if finding.known_difference else {}),
        "credential": finding.credential or "none",
        "expected": finding.expected,
        "got": finding.got,
        "source": str(finding.source),
    }
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in parts.items())
    operation = escape(finding.operation_id or "no operation of the contract")
    request = f"<p>Request and response:</p><pre>{_marked(finding.exchange)}</pre>" if finding.exchange else ""
    rule = f"<b>{escape(finding.rule.sentence)}</b> <code>{finding.rule.id}</code>"
    return (
        f"<details open><summary>{rule} {operation}</summary><dl>{listed}</dl>"
        f"<p>To reproduce:</p><pre>{escape(finding.reproduce)}</pre>{request}</details>"
    )


def _marked(transcript: str) -> str:
    """The transcript as HTML, with the lines that a finding is about highlighted."""
    lines = [(line.startswith(MARK), escape(line)) for line in transcript.split("\n")]
    return "\n".join(f"<mark>{line}</mark>" if is_marked else line for is_marked, line in lines)


def _matrix(report: Report) -> Iterator[str]:
    statuses = statuses_of(report.rows, must_be_covered=report.must_be_covered)
    if not statuses:
        return
    yield "<h2>Operation &times; status</h2>"
    legend = "How often each operation returned each status: - documented, not requested; · not documented; "
    yield f'<p class="shy">{legend}(n) not documented, but returned n times.</p>'
    heads = "".join(f"<th>{status}</th>" for status in statuses)
    yield f'<div class="scroll"><table><tr><th>operation</th>{heads}</tr>'
    for row in report.rows:
        cells = "".join(_cell(cell_of(row, status, must_be_covered=report.must_be_covered)) for status in statuses)
        yield f"<tr><td>{escape(row.operation.id)}</td>{cells}</tr>"
    yield "</table></div>"


def _cell(cell: Cell) -> str:
    attribute = {"count": "", "missing": ' class="never"'}.get(cell.kind, ' class="shy"')
    return f"<td{attribute}>{cell.text}</td>"


def _not_checked(report: Report) -> Iterator[str]:
    gaps = report.results.not_checked
    yield f"<h2>Not checked ({counted(sum(gaps.values()), 'check')})</h2>"
    if not gaps:
        is_complete = report.decision.verdict is not Verdict.NOT_CHECKED
        yield f'<p class="shy">{"Everything was checked." if is_complete else "Nothing could be checked."}</p>'
        return
    for group in groups_of(gaps):
        yield f"<h3>{group.checks} {escape(group.remedy)}</h3><ul>{_counts(group.items)}</ul>"
    yield f"<details><summary>Reasons by operation</summary><ul>{_counts(gaps)}</ul></details>"


def _counts(counts: Mapping[str, int] | Mapping[Gap, int]) -> str:
    return "".join(
        f"<li>{escape(str(name))} <span class='shy'>&times; {count}</span></li>" for name, count in counts.items()
    )


def _timings(report: Report) -> Iterator[str]:
    measured = timings(report.exchanges)
    if not measured:
        return
    yield "<h2>Timings</h2>"
    yield '<div class="scroll"><table><tr><th>operation</th><th>responses</th><th>median ms</th><th>longest ms</th></tr>'
    for one in measured:
        yield (
            f"<tr><td>{escape(one.operation_id)}</td><td>{one.count}</td>"
            f"<td>{one.median_seconds * 1000:.1f}</td><td>{one.longest_seconds * 1000:.1f}</td></tr>"
        )
    yield "</table></div>"
