"""Holds recorded answers of the real service against the contract: is law + overlay wide enough for what was seen?

It judges the contract by the recordings, never a target, and sends nothing.

    python -m contract_tests.recordings FILE_OR_FOLDER...

Exit 0 when every answer of an operation in the contract conforms, 1 when some do not, 2 when a recording can't be read.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from contract_tests.answers import AnswerRules
from contract_tests.exchanges import Exchange
from contract_tests.operations import Operations
from contract_tests.schemas import ResponseSchemas
from polar_contract import Contract, ContractError, JsonObject, JsonValue, load_contract
from polar_contract.json_types import as_list, as_object

_PLACEHOLDER = re.compile(r"\{([a-z_]+):([A-Za-z0-9_]+)\}")


@dataclass(frozen=True, slots=True)
class RecordedFinding:
    """One recorded answer that the contract does not allow; `recording` is `file: name of the exchange`."""

    recording: str
    operation: str
    status: int
    message: str

    def __str__(self) -> str:
        return f"{self.recording}: {self.operation} answered {self.status}: {self.message}"


@dataclass(frozen=True, slots=True)
class RecordingsVerdict:
    """`judged` answers belong to an operation of the contract, those `outside` to other routes and methods."""

    findings: tuple[RecordedFinding, ...]
    judged: int
    outside: int


class RecordingUnreadable(Exception):
    """A file that is no recording; nothing can be said about the contract."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


def judge_recordings(paths: Sequence[Path], contract: Contract) -> RecordingsVerdict:
    """Every recorded answer in the files, held against law + overlay by the rules that live answers are held to.

    Errors: RecordingUnreadable.
    """
    operations = Operations(contract.law, contract.effective)
    rules = AnswerRules(operations, ResponseSchemas(contract.effective), redact=str)
    findings: list[RecordedFinding] = []
    judged = outside = 0
    for path in paths:
        for step in _answered_steps(path):
            exchange = _exchange(step, operations)
            judged += exchange.operation_id is not None
            outside += exchange.operation_id is None
            findings += _findings(f"{path.name}: {step.get('name')}", exchange, rules)
    return RecordingsVerdict(tuple(findings), judged, outside)


def _findings(recording: str, exchange: Exchange, rules: AnswerRules) -> list[RecordedFinding]:
    if exchange.operation_id is None:
        return []
    return [
        RecordedFinding(
            recording, exchange.operation_id, exchange.status, f"{it.rule}: expected {it.expected}, got {it.got}"
        )
        for it in rules.findings(exchange)
    ]


def _exchange(step: JsonObject, operations: Operations) -> Exchange:
    request, answer = as_object(step["request"]), as_object(step["response"])
    method, path = str(request["method"]), str(request["path"]).partition("?")[0]
    operation = operations.match(method, path)
    return Exchange(
        method=method,
        url=path,
        path=path,
        request_headers={},
        request_body=b"",
        status=int(str(answer["status"])),
        headers={name.lower(): str(value) for name, value in as_object(answer.get("headers")).items()},
        body=b"" if answer.get("empty") else json.dumps(_filled(answer.get("body"))).encode(),
        elapsed_seconds=0.0,
        operation_id=operation.id if operation else None,
    )


def _answered_steps(path: Path) -> Iterator[JsonObject]:
    try:
        recording = json.loads(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise RecordingUnreadable(path, f"this can't be read as JSON: {problem}") from problem
    steps = as_object(recording).get("steps")
    if not isinstance(steps, list):
        raise RecordingUnreadable(path, "there is no list of `steps`; a recording has one")
    for step in map(as_object, as_list(steps)):
        if step.get("do") != "request" or not isinstance(step.get("response"), dict):
            continue
        if not _is_whole(step):
            raise RecordingUnreadable(path, f"the exchange {step.get('name')!r} lacks its method, path or status")
        yield step


def _is_whole(step: JsonObject) -> bool:
    request, answer = as_object(step.get("request")), as_object(step.get("response"))
    return {"method", "path"} <= request.keys() and isinstance(answer.get("status"), int)


def _filled(value: JsonValue) -> JsonValue:
    """The value with a plausible id or token for each placeholder, the same one for the same placeholder."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: _stand_in(found[1], found[2]), value)
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if isinstance(value, dict):
        return {str(_filled(key)): _filled(item) for key, item in value.items()}
    return value


def _stand_in(kind: str, name: str) -> str:
    if kind == "token":
        return f"polar_cst_{hashlib.sha256(name.encode()).hexdigest()[:43]}"
    # `up` and `nd` are an order's id in capitals and without dashes.
    of = "order" if kind in ("up", "nd") else kind
    identifier = uuid.UUID(bytes=hashlib.sha256(f"{of}:{name}".encode()).digest()[:16], version=4)
    return {"up": str(identifier).upper(), "nd": identifier.hex}.get(kind, str(identifier))


@click.command()
@click.argument("recordings", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--revision", help="Revision of the contract; the newest one by default.")
def main(recordings: tuple[Path, ...], revision: str | None) -> None:
    """Hold recorded answers of the service against the contract.

    Example: python -m contract_tests.recordings recordings/0.1.0
    """
    files = [file for path in recordings for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    try:
        verdict = judge_recordings(files, load_contract(revision))
    except (RecordingUnreadable, ContractError) as problem:
        raise _CannotJudge(str(problem)) from problem
    for finding in verdict.findings:
        click.echo(str(finding))
    counts = f"{verdict.judged} answers judged, {verdict.outside} outside the contract"
    click.echo(f"{len(files)} recordings: {counts}, {len(verdict.findings)} findings")
    if not verdict.judged:
        raise _CannotJudge("no answer of an operation in the contract was found")
    sys.exit(1 if verdict.findings else 0)


class _CannotJudge(click.ClickException):
    exit_code = 2


if __name__ == "__main__":
    main()
