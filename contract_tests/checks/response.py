"""Checks the rules that apply to every answer, for any request and caller. The session checker remembers what answers show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contract_tests.checks.documented_guarantees import DOCUMENTED_GUARANTEES
from contract_tests.checks.errors import TOKEN_ERRORS
from contract_tests.checks.findings import ContractBroken, Finding, Problem
from contract_tests.checks.rules import Rule
from contract_tests.checks.session_checker import SessionChecker
from contract_tests.checks.transcripts import marked_transcript
from contract_tests.checks.versions import VersionRules
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonValue
from polar_contract.operations import Operation, Operations, Source
from polar_contract.schemas import ResponseSchemas

# Statuses of the router, not of an operation. Source: observed on the service: `{"detail": ...}` without `error`, or a redirect.
_ROUTER_STATUSES = frozenset({307, 405})
_TOO_MANY = 429
_CHARSET = re.compile(r"(?i)charset=\"?([^\";\s]+)")


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """Checks single answers against the contract and the overlay."""

    operations: Operations
    schemas: ResponseSchemas
    redact: Callable[[str], str]
    session_checker: SessionChecker
    """Checks each exchange against the ones before it."""
    versions: VersionRules | None = None
    """Those of the service; None where requests can't choose a version."""

    def check(
        self, exchange: Exchange, *, status: int | None = None, error: str | None = None, shows: JsonValue = None
    ) -> Exchange:
        """Check every rule and the expected answer. Returns the exchange. Errors: ContractBroken."""
        findings = self.findings(exchange)
        if status is not None and exchange.status != status and exchange.status < 500:
            findings = [self._unexpected(exchange, f"{status} {error or ''}".rstrip())]
        elif error is not None and exchange.status < 500 and exchange.error_name() != error:
            findings.insert(0, self._unexpected(exchange, f"{exchange.status} with error {error}"))
        elif shows is not None and not findings:
            findings = list(self._missing(exchange, shows))
        if findings:
            raise ContractBroken(findings)
        return exchange

    def findings(self, exchange: Exchange) -> list[Finding]:
        """Every rule that the answer breaks, without an expected answer.

        A version that is refused, or served although it has to be refused, explains the rest of the answer. One that the
        answer only does not name explains nothing, so it is told if nothing else is wrong.
        """
        of_version = self.version_findings(exchange)
        is_judged = self.versions is None or self.versions.is_judged(exchange)
        if not is_judged or any(found.rule is not Rule.ECHOED for found in of_version):
            return of_version
        operation = self.operations.by_id.get(exchange.operation_id or "")
        broken = self._of_router(exchange) if operation is None else self._of_operation(exchange, operation)
        found = [self.finding(exchange, *problem) for problem in broken] or [
            self.finding(exchange, *problem, source="observed") for problem in self.session_checker.problems(exchange)
        ]
        return found or of_version

    def version_findings(self, exchange: Exchange) -> list[Finding]:
        """The rules of versions that the answer breaks."""
        problems = self.versions.problems(exchange) if self.versions is not None else ()
        return [self.finding(exchange, *problem, source="observed") for problem in problems]

    def finding(
        self, exchange: Exchange, rule: Rule, expected: str, got: str | None = None, *, source: Source | None = None
    ) -> Finding:
        """A finding about this exchange, redacted. The source of a documented guarantee is `guarantee`, regardless of `source`."""
        operation = self.operations.by_id.get(exchange.operation_id or "")
        return Finding(
            rule=rule,
            expected=self.redact(expected),
            got=self.redact(got or exchange.excerpt()),
            operation_id=exchange.operation_id,
            source="guarantee"
            if rule in DOCUMENTED_GUARANTEES
            else source or (operation.source_of(exchange.status) if operation else "observed"),
            reproduce=self.redact(exchange.curl()),
            exchange=self.redact(marked_transcript(exchange, expected=expected, got=got or "")),
            credential=self.redact(exchange.credential),
        )

    def _unexpected(self, exchange: Exchange, expected: str) -> Finding:
        operation = self.operations.by_id.get(exchange.operation_id or "")
        status = int(expected[:3])
        source = operation.source_of(status) if operation else "observed"
        return self.finding(exchange, Rule.UNEXPECTED, expected, source=source)

    def _of_router(self, exchange: Exchange) -> Iterator[Problem]:
        if exchange.status >= 500:
            yield Rule.NO_FAILURE, "a status below 500", exchange.excerpt()
        first = self.operations.first_route_method(exchange.path)
        if exchange.status == 405 and first is not None and exchange.headers.get("allow") != first:
            allow = exchange.headers.get("allow", "no Allow")
            yield Rule.METHOD_ALLOWED, f"Allow: {first}", allow

    def _of_common_headers(self, exchange: Exchange) -> Iterator[Problem]:
        """Headers that every response has. Refusals of a token have their own Cache-Control, which `NOT_STORED` checks."""
        own = {"cache-control"} if exchange.error_name() in TOKEN_ERRORS else set()
        for name, value in self.session_checker.behaviour.response.headers:
            if name.lower() not in own and exchange.headers.get(name.lower()) != value:
                yield Rule.HEADERS_SENT, f"{name}: {value}", exchange.headers.get(name.lower(), "no such header")

    def _of_operation(self, exchange: Exchange, operation: Operation) -> Iterator[Problem]:
        if exchange.status >= 500:
            yield Rule.NO_FAILURE, "a status below 500", exchange.excerpt()
        elif exchange.status in _ROUTER_STATUSES:
            return
        elif exchange.status == _TOO_MANY and not exchange.body:
            yield from _of_rate_limit(exchange)
        elif exchange.status not in operation.statuses:
            documented = ", ".join(map(str, operation.statuses))
            yield Rule.DOCUMENTED, f"one of {documented}", exchange.excerpt()
        else:
            yield from self._of_documented(exchange, operation)

    def _of_documented(self, exchange: Exchange, operation: Operation) -> Iterator[Problem]:
        place = (operation.path, operation.method, exchange.status)
        yield from self._of_common_headers(exchange)
        for name in self.schemas.headers(*place):
            if name.lower() not in exchange.headers:
                yield Rule.HEADERS_SENT, f"a {name} header on {exchange.status}", "no such header"
        allowed = self.schemas.media_types(*place)
        if not allowed:
            if exchange.body:
                yield Rule.NO_CONTENT, "an empty body", exchange.excerpt()
            return
        sent = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
        if sent not in allowed:
            yield Rule.CONTENT_TYPE, " or ".join(allowed), sent or "no content type"
            return
        charset = _CHARSET.search(exchange.headers["content-type"])
        if charset is not None and charset[1].lower() != "utf-8":
            yield Rule.IS_UTF8, "no charset, or utf-8", charset[1]
        yield from self._of_body(exchange, place, sent)

    def _of_body(self, exchange: Exchange, place: tuple[str, str, int], media_type: str) -> Iterator[Problem]:
        try:
            body = exchange.json()
        except ValueError:
            yield Rule.IS_JSON, "JSON", exchange.excerpt()
            return
        for violation in self.schemas.violations(*place, media_type, body):
            yield Rule.SHAPE, "the documented schema", f"{exchange.status}: {violation}"
        # Source: observed on the service, April 2026: the four bytes `null`; the published contract allows any JSON.
        if exchange.status == 202 and body is not None:
            yield Rule.ACCEPTED_NULL, "null", exchange.excerpt()

    def _missing(self, exchange: Exchange, shows: JsonValue) -> Iterator[Finding]:
        got = exchange.json()
        for place, wanted, found in differences(shows, got):
            rule = Rule.SHOWS_REQUEST
            yield self.finding(exchange, rule, f"{place} is {wanted!r}", f"{exchange.status}: {place} is {found!r}")


def _of_rate_limit(exchange: Exchange) -> Iterator[Problem]:
    """Check a 429 of the rate limit, which answers before any operation and has no body; a 429 of an operation has one.

    Source: observed on the service, April 2026.
    """
    wait = exchange.headers.get("retry-after", "no Retry-After")
    if not wait.isdecimal() or int(wait) == 0:
        yield Rule.RATE_LIMITED, "Retry-After in seconds, 1 or more", wait


def differences(wanted: JsonValue, found: JsonValue, place: str = "body") -> Iterator[tuple[str, JsonValue, JsonValue]]:
    """Where `found` lacks or contradicts `wanted`. Keys that are not in `wanted` are ignored; lists are compared completely."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            yield from differences(value, found.get(key, "(absent)"), f"{place}.{key}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (value, item) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(value, item, f"{place}[{number}]")
    elif wanted != found:
        yield place, wanted, found
