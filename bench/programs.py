"""Run two test programs on the same mock: the contract tests, and plain Schemathesis with real ids and tokens; record what each saw."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from contract_tests.targets.control_api import Control
from polar_contract import Contract
from polar_contract.json_types import JsonObject, JsonValue, as_list, as_object
from polar_contract.operations import Operations

_LONGEST_SECONDS = 600
_SEED = 7
# The worlds that the contract tests' own table uses; Schemathesis gets their ids and tokens.
_WORLDS = ("core", "members")
_SCHEME_TOKENS = {"customer_session": "customer", "member_session": "member_owner", "access_token": "organization"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One run of a program. `exit_code` 1: it found something."""

    exit_code: int
    seen: Sequence[tuple[float, tuple[str, int]]]
    """Operation and status of every answer, with the seconds since the first request."""
    complaints: frozenset[tuple[str, str]]
    """Its complaints: an operation, and the rule or check that is broken."""

    @property
    def requests(self) -> int:
        return len(self.seen)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many documented answers were seen, and the number and time of the request that brought the last new one."""

    seen: int
    documented: int
    requests: int
    seconds: float


def reach_of(verdict: Verdict, operations: Operations) -> Reach:
    documented = {(operation.id, status) for operation in operations for status in operation.statuses}
    found: set[tuple[str, int]] = set()
    last, seconds = 0, 0.0
    for number, (elapsed, answer) in enumerate(verdict.seen, 1):
        if answer in documented and answer not in found:
            found.add(answer)
            last, seconds = number, elapsed
    return Reach(len(found), len(documented), last, seconds)


def run_contract_tests(base_url: str, folder: Path, operations: Operations, *options: str) -> Verdict:
    """Run `polar-contract run` against a mock."""
    command = [
        sys.executable,
        "-m",
        "contract_tests",
        "run",
        "--base-url",
        base_url,
        "--reports",
        str(folder),
        *options,
    ]
    done = subprocess.run(command, capture_output=True, timeout=_LONGEST_SECONDS, check=False)
    summary = as_object(json.loads((folder / "summary.json").read_text("utf-8")))
    findings = [
        *as_list(summary.get("findings")),
        *as_list(as_object(summary.get("broken_guarantees")).get("findings")),
    ]
    complaints = {(str(one.get("operation_id")), str(one.get("rule"))) for one in map(as_object, findings)}
    return Verdict(done.returncode, tuple(_seen(folder / "exchanges.har", operations)), frozenset(complaints))


def run_schemathesis(base_url: str, folder: Path, contract: Contract, operations: Operations, *options: str) -> Verdict:
    """Run `schemathesis run` with contract and overlay, one token for each scheme, and ids of orders that exist."""
    write_settings(folder, base_url, contract)
    command = [
        *(str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(folder / "schemathesis.toml")),
        *("run", str(folder / "contract.json"), "--url", base_url, "--continue-on-failure", "--warnings", "off"),
        *("--report", "har", "--report-har-path", str(folder / "schemathesis.har")),
        *("--report", "junit", "--report-junit-path", str(folder / "schemathesis.xml"), *options),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_LONGEST_SECONDS, check=False)
    complaints = _complaints(folder / "schemathesis.xml")
    return Verdict(done.returncode, tuple(_seen(folder / "schemathesis.har", operations)), complaints)


def _complaints(junit: Path) -> frozenset[tuple[str, str]]:
    """Schemathesis names the failed checks in a failure's message, as in `ST202, ST205`."""
    # Written by Schemathesis a moment ago.
    cases = ElementTree.parse(junit).iter("testcase")
    named = [(case.get("name", ""), failure.get("message", "")) for case in cases for failure in case]
    return frozenset((name, code) for name, message in named for code in message.split(", "))


def write_settings(folder: Path, base_url: str, contract: Contract) -> None:
    """The document, and a configuration that gives Schemathesis what it needs to get past 401 and 404."""
    control = Control(base_url, lambda *_: None, 10.0)
    worlds = [control.create_world(name, revision=contract.revision) for name in _WORLDS]
    ids = {name: one for world in worlds for name, one in world.ids.items()}
    tokens = {name: token for world in worlds for name, token in world.tokens.items()}
    orders = [one for name, one in ids.items() if name.startswith("order:")]
    (folder / "contract.json").write_text(json.dumps(_known_formats(contract.effective)))
    lines = [
        f"seed = {_SEED}",
        "[cache]\nenabled = false",
        '[generation]\ndatabase = "none"',
        *(f'[auth.openapi.{scheme}]\nbearer = "{tokens[name]}"' for scheme, name in _SCHEME_TOKENS.items()),
        f"[dictionaries.orders]\nvalues = {json.dumps(orders)}",
        '[parameters]\n"path.id" = { dictionary = "orders", probability = 0.5 }',
    ]
    (folder / "schemathesis.toml").write_text("\n".join(lines) + "\n")


def _known_formats(document: JsonObject) -> JsonValue:
    """Schemathesis knows `uuid` but not `uuid4`, and it can't send webhooks."""
    kept = {name: part for name, part in document.items() if name != "webhooks"}
    parsed: JsonValue = json.loads(json.dumps(kept).replace('"uuid4"', '"uuid"'))
    return parsed


def _seen(har: Path, operations: Operations) -> Iterator[tuple[float, tuple[str, int]]]:
    entries = [as_object(entry) for entry in as_list(_log(har).get("entries"))]
    first = min((_moment(entry) for entry in entries), default=0.0)
    for entry in entries:
        request, response = as_object(entry.get("request")), as_object(entry.get("response"))
        operation = operations.match(str(request.get("method")), urlsplit(str(request.get("url"))).path)
        status = response.get("status")
        name = operation.id if operation else ""
        yield _moment(entry) - first, (name, status if isinstance(status, int) else 0)


def _log(har: Path) -> Mapping[str, JsonValue]:
    return as_object(as_object(json.loads(har.read_text("utf-8"))).get("log"))


def _moment(entry: JsonObject) -> float:
    return datetime.fromisoformat(str(entry.get("startedDateTime"))).timestamp()
