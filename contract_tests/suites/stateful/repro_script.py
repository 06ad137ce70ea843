"""Writes a failed story as curl commands and as a pytest test to paste. Both are redacted and contain no token."""

from __future__ import annotations

import json
import pprint
import shlex
import textwrap
from importlib import resources
from pathlib import Path
from string import Template

from contract_tests.config.credentials import NOBODY
from contract_tests.model.steps import (
    PORTAL_INVOICE,
    Ask,
    DecideCharges,
    Download,
    MakeOrder,
    MoveOrder,
    PassTime,
    Settle,
    Step,
    order_document,
)
from contract_tests.runner.context import RunContext
from contract_tests.suites.stateful.checking import FIXED_KEYS
from contract_tests.suites.stateful.step_runner import JSON_HEADER, Failure, Taken, document_key
from contract_tests.targets.control_api import world_document
from polar_contract.json_types import JsonObject
from polar_contract.operations import Operations

_WIDTH = 108
_TEMPLATE = "story.txt"


def write_story(context: RunContext, failure: Failure, profile: str) -> str:
    """Writes `story_PROFILE.py` and a mock server's world document to the reports folder. Returns the commands to repeat it."""
    redact = context.case.redactor.redact
    folder = context.case.settings.reports
    test, world = folder / f"story_{profile}.py", folder / f"story_{profile}.json"
    document = _document(context, failure)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        test.write_text(redact(test_of(context, failure)), "utf-8")
        if document is not None:
            world.write_text(redact(json.dumps(document, indent=2)), "utf-8")
        first = f"pytest {test}, or step by step:"
    except OSError as problem:
        first = f"step by step ({test} could not be written: {problem.strerror}):"
    return redact("\n".join([first, *curl_lines(failure, world)]))


def curl_lines(failure: Failure, document: Path) -> list[str]:
    """One command for each step, with the ids of this run. On a mock server the first two create a world from the document."""
    lines = [taken.command for taken in failure.trace]
    world = failure.bindings.world
    if world is None:
        return lines
    worlds = f"{world.control.base_url}/_mock/worlds"
    return [
        f"curl -X POST {worlds} {JSON_HEADER} --data-binary @{shlex.quote(str(document))}"
        "  # the response has the ids and tokens to use below",
        f"""curl -X PATCH {worlds}/{world.id}/clock {JSON_HEADER} --data '{{"mode": "held"}}'""",
        *lines,
    ]


def _document(context: RunContext, failure: Failure) -> JsonObject | None:
    """The world of the story; None on a live account."""
    if failure.bindings.world is None:
        return None
    return {**world_document("model"), "revision": context.case.settings.revision}


def test_of(context: RunContext, failure: Failure) -> str:
    """The text of a test that repeats the story and fails at its last step as long as the target is wrong."""
    finding, world = failure.findings[0], failure.bindings.world
    summary = f"Expected: {finding.expected}\nGot: {finding.got}\n"
    text = resources.files(__package__).joinpath(_TEMPLATE).read_text("utf-8")
    steps = [_line(taken, context.operations, is_last=taken is failure.trace[-1]) for taken in failure.trace]
    return Template(text).substitute(
        title=finding.rule.sentence,
        summary=summary.replace("\\", "/").replace('"', "'"),
        base_url=context.target.base_url,
        world=_pretty(_document(context, failure)),
        ids=_pretty(failure.bindings.ids if world is None else {}),
        fixed=_pretty(FIXED_KEYS),
        steps=textwrap.indent("\n".join(steps), "    "),
    )


def _line(taken: Taken, operations: Operations, *, is_last: bool) -> str:
    step = taken.step
    match step:
        case Ask():
            return _asked(step, taken, operations, is_last=is_last)
        case Download():
            path = operations.by_id[PORTAL_INVOICE].path.replace("{id}", f"{{{step.on}}}")
            key = document_key(step.on, taken.prediction.after)
            return f"expect_document(ask('GET', {path!r}, {step.who!r}), {key!r})"
        case _:
            return _controlled(step)


def _controlled(step: Step) -> str:
    match step:
        case MakeOrder():
            return f"IDS[{step.name!r}] = in_world('POST', '/orders', {_pretty(order_document(step))})['id']"
        case MoveOrder():
            return f"in_world('PATCH', '/orders/{{{step.on}}}', {{'status': {step.status!r}}})"
        case PassTime():
            return f"in_world('PATCH', '/clock', {{'advance_seconds': {step.seconds}}})"
        case Settle():
            return "in_world('POST', '/settle')"
        case DecideCharges():
            return f"in_world('PATCH', '', {{'payments': {{'off_session': {step.outcome!r}}}}})"
        case _:
            raise TypeError(f"{step} is an API request, not a step of the control API")


def _asked(ask: Ask, taken: Taken, operations: Operations, *, is_last: bool) -> str:
    operation, prediction = operations.by_id[ask.operation], taken.prediction
    on = ask.on.removeprefix("raw:") if ask.on.startswith("raw:") else f"{{{ask.on}}}"
    arguments = [repr(operation.method), repr(operation.path.replace("{id}", on))]
    arguments.append(repr(None if ask.who == NOBODY else ask.who))
    arguments += [f"query={_pretty(dict(ask.query))}"] if ask.query else []
    arguments += [f"body={_pretty(ask.body)}"] if ask.body is not None else []
    arguments += [f"names={ask.names!r}"] if ask.names else []
    expected = [str(prediction.status)]
    if is_last:
        expected += [f"error={prediction.error!r}"] if prediction.error else []
        expected += [f"shows={_pretty(prediction.shows)}"] if prediction.shows is not None else []
        expected += ["unordered=True"] if prediction.is_unordered else []
    return f"expect(ask({', '.join(arguments)}), {', '.join(expected)})"


def _pretty(value: object) -> str:
    return pprint.pformat(value, width=_WIDTH, sort_dicts=False)
