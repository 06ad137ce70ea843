"""The table of versions that requests name: those that a service serves, and those that it has to refuse before everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from contract_tests.checks.findings import ContractBroken
from contract_tests.checks.rules import Rule
from contract_tests.checks.same_order import response_schema, undocumented_differences
from contract_tests.checks.versions import VersionRules
from contract_tests.config.credentials import NONSENSE_TOKENS
from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.runner.context import RunContext
from contract_tests.targets.fixtures import Fixtures
from contract_tests.transport.exchanges import Exchange
from polar_contract import load_contract
from polar_contract.json_types import JsonValue
from polar_contract.operations import Operation

_SUBJECT = "versions"
_LISTS = {"customer": "customer_portal:orders:list", "organization": "orders:list"}
_ORDERS = {"customer": "customer_portal:orders:get", "organization": "orders:get"}
_NO_PATH = "/v1/nothing-of-this-name"
_PAGE = "https://shop.example.com"
_PREFLIGHT = {"Origin": _PAGE, "Access-Control-Request-Method": "GET"}
# A month that no version begins in, and what is no month at all.
UNKNOWN = "1999-12"
# Those of a list, whatever the token.
_OF_LISTS = frozenset({200, 401, 403, 429})
_MALFORMED = ("2026-4", "latest", "v1", "2026-10-01", "1999-13")


@dataclass(frozen=True, slots=True)
class VersionCase:
    """One request. `version`: the header's value; None for no header. `path`: another one than that of the list of orders.

    `is_for_mocks`: it is outside the operations, which a live account does not get.
    """

    says: str
    version: str | None
    method: str = "GET"
    path: str = ""
    has_unknown_token: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    is_for_mocks: bool = False

    @property
    def name(self) -> str:
        """One line for reports."""
        return self.says if self.version is None else f"{self.says} · {self.version or '(empty)'}"


def version_cases(versions: Sequence[str], header: str | None) -> list[VersionCase]:
    """Every row; none for a revision from before requests could name a version. `versions`: the known names."""
    return list(_cases(versions)) if header is not None else []


def _cases(versions: Sequence[str]) -> Iterator[VersionCase]:
    yield VersionCase("no version", None)
    yield VersionCase("an empty version counts as none", "")
    for name in versions:
        yield VersionCase("a known version", name)
    for name in _MALFORMED:
        yield VersionCase("no version has such a name", name)
    yield VersionCase("a version that never was", UNKNOWN)
    yield VersionCase("no version, with an unknown token", None, has_unknown_token=True)
    yield VersionCase("a version that never was comes before an unknown token", UNKNOWN, has_unknown_token=True)
    yield VersionCase("a version that never was, asked for by a page", UNKNOWN, headers={"Origin": _PAGE})
    yield VersionCase("no version, asked for by a page", None, headers={"Origin": _PAGE})
    for version, says in ((None, "no version"), (UNKNOWN, "a version that never was")):
        yield VersionCase(f"{says}, and no such path", version, path=_NO_PATH, is_for_mocks=True)
        yield VersionCase(f"{says}, and a method that the path lacks", version, "PUT", is_for_mocks=True)
        yield VersionCase(f"{says}, in a preflight", version, "OPTIONS", headers=_PREFLIGHT, is_for_mocks=True)


def check_version(context: RunContext, fixtures: Fixtures, case: VersionCase) -> None:
    """Send the request and check the answer. Errors: ContractBroken; skips what the target is not sent, or may refuse."""
    if case.is_for_mocks and not context.target.is_mock:
        why = "a live target gets no requests outside the operations"
        not_checked(_SUBJECT, why, Remedy.MOCK, "requests outside the operations")
    rules = _rules(context)
    exchange = _ask(context, fixtures, case, rules)
    _expect(context, exchange)
    if not case.version or rules.has_to_refuse(case.version):
        return
    if rules.is_refused(exchange):
        _leave_out(rules, case.version)
    if exchange.status not in _OF_LISTS:
        expected = f"an answer of version {case.version}, as without a version"
        raise ContractBroken([context.rules.finding(exchange, Rule.PINNED, expected, source="observed")])


def _leave_out(rules: VersionRules, name: str) -> NoReturn:
    """Say why a refused version is no breach, with its date. Errors: NotChecked, always."""
    if rules.day is not None and rules.calendar.is_removed(name, rules.day):
        why = f"{rules.calendar.removal(name)}, and the target refuses it on {rules.day}"
    else:
        why = f"{name} is not served beside {rules.current}, the target's current version"
    not_checked(_SUBJECT, why, Remedy.NOWHERE, f"version {name}, which the target does not serve")


def check_same_order(context: RunContext, fixtures: Fixtures) -> None:
    """Read one order in each version, and compare. Errors: ContractBroken; skips a target without an order."""
    rules = _rules(context)
    operation, token, order_id = _order(context, fixtures)
    shown: dict[str, Exchange] = {}
    # The first once more at the end: an order that changes meanwhile says nothing.
    names = [name for name in rules.calendar.dated if not rules.has_to_refuse(name)]
    for name in [*names, *names[:1]]:
        headers = {rules.header: name}
        exchange = context.client.send_to("GET", operation.url_path(order_id), token=token, headers=headers)
        _expect(context, exchange)
        if exchange.status != 200:
            continue
        if name in shown and shown[name].body != exchange.body:
            not_checked(_SUBJECT, "the order changed meanwhile", Remedy.TIME, "an order in two versions")
        shown[name] = exchange
    if len(shown) < 2:
        not_checked(_SUBJECT, "the target serves one known version", Remedy.NOWHERE, "an order in two versions")
    first, *others = shown
    for name in others:
        _compare(context, (first, name), (shown[first].json(), shown[name].json()), shown[name], operation)


def _compare(
    context: RunContext,
    names: tuple[str, str],
    bodies: tuple[JsonValue, JsonValue],
    exchange: Exchange,
    operation: Operation,
) -> None:
    one, other = (response_schema(load_contract(name).resolved, operation.path, operation.method) for name in names)
    for place, first, second in undocumented_differences(*bodies, (one, other)):
        expected = f"{place} is {first!r} as in {names[0]}; the documents do not differ there"
        raise ContractBroken(
            [context.rules.finding(exchange, Rule.SAME_ORDER, expected, f"{second!r} in {names[1]}", source="observed")]
        )


def _expect(context: RunContext, exchange: Exchange) -> None:
    """Check the rules of versions; other checks make the same requests for all other rules. Errors: ContractBroken."""
    found = context.rules.version_findings(exchange)
    if found:
        raise ContractBroken(found)


def _rules(context: RunContext) -> VersionRules:
    rules = context.rules.versions
    if rules is None:
        not_checked(_SUBJECT, "this revision has none", Remedy.NOWHERE, "versions of the API")
    return rules


def _who(fixtures: Fixtures) -> str:
    return "organization" if fixtures.token("organization") is not None else "customer"


def _order(context: RunContext, fixtures: Fixtures) -> tuple[Operation, str | None, str]:
    who = _who(fixtures)
    names = [fixtures.object_id(name, portal=who == "customer") for name in ("order:paid", "order:any")]
    found = next((one for one in names if one is not None), None)
    if found is None:
        not_checked(_SUBJECT, "it needs an order", Remedy.ORDERS, "an order")
    return context.operations.by_id[_ORDERS[who]], fixtures.token(who), found


def _ask(context: RunContext, fixtures: Fixtures, case: VersionCase, rules: VersionRules) -> Exchange:
    who = _who(fixtures)
    token = NONSENSE_TOKENS[f"unknown_{who}"] if case.has_unknown_token else fixtures.token(who)
    path = case.path or context.operations.by_id[_LISTS[who]].url_path()
    # None takes away the version that every request of the run chooses.
    headers = {**case.headers, rules.header: case.version}
    return context.client.send_to(case.method, path, token=None if case.method == "OPTIONS" else token, headers=headers)
