"""The run as JUnit XML: a suite for each kind of check, and one for skipped checks, grouped by what would make them run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from contract_tests.config.gaps import groups_of
from contract_tests.config.settings import CHECKS
from contract_tests.reporting.report import Report
from contract_tests.reporting.results import Checked, Ended
from contract_tests.reporting.verdicts import Verdict, counted

# Characters that XML 1.0 does not allow.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS = {Ended.BROKEN: "failure", Ended.NOT_MADE: "error", Ended.WAIVED: "skipped"}
_COUNTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def junit_of(report: Report) -> str:
    """The document. Skipped checks are counted in groups: thousands of skipped cases would hide the others."""
    made = [one for one in report.results.checked if one.ended is not Ended.LEFT_OUT]
    kinds = [*CHECKS, *sorted({one.check for one in made} - set(CHECKS))]
    suites = [_suite(kind, [_case(one) for one in made if one.check == kind]) for kind in kinds]
    root = Element("testsuites", name="polar-contract", time=f"{report.duration_seconds:.3f}")
    root.extend([one for one in (_service(report), *suites, _not_checked(report), _verdict(report)) if len(one)])
    for name in ("tests", *_COUNTS):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _service(report: Report) -> Element:
    """What the target is, as the first case of the document; none for our mock."""
    if not report.service:
        return _suite("target", [])
    case = Element("testcase", classname="run", name="revision", time="0")
    SubElement(case, "system-out").text = _legal(report.service)
    return _suite("target", [case])


def _suite(name: str, cases: Sequence[Element]) -> Element:
    suite = Element("testsuite", name=name, tests=str(len(cases)))
    for attribute, tag in _COUNTS.items():
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
    suite.extend(cases)
    return suite


def _case(checked: Checked) -> Element:
    file, _, name = checked.name.partition("::")
    case = Element("testcase", classname=file.removesuffix(".py"), name=_legal(name), time=f"{checked.seconds:.3f}")
    tag = _ELEMENTS.get(checked.ended)
    if tag is not None:
        _add_element(case, tag, [checked.said])
    return case


def _not_checked(report: Report) -> Element:
    cases = []
    for group in groups_of(report.results.not_checked):
        case = Element("testcase", classname="not_checked", name=str(group.remedy), time="0")
        items = [f"{count:>5}  {item}" for item, count in group.items.items()]
        _add_element(case, "skipped", [f"{counted(group.checks, 'check')}, which need:", *items])
        cases.append(case)
    return _suite("not checked", cases)


def _verdict(report: Report) -> Element:
    """The result of the run as a whole, where no single check shows it."""
    case = Element("testcase", classname="run", name="verdict", time="0")
    if report.decision.verdict in (Verdict.BREAKS, Verdict.ANOTHER):
        _add_element(case, "failure", [report.decision.sentence])
    elif report.decision.verdict is Verdict.NOT_CHECKED:
        _add_element(case, "error", report.results.problems or [report.decision.sentence])
    return _suite("run", [case])


def _add_element(case: Element, tag: str, lines: Iterable[str]) -> None:
    text = _legal("\n".join(lines))
    element = SubElement(case, tag, message=text.partition("\n")[0])
    element.text = text


def _legal(text: str) -> str:
    return _NO_XML.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
