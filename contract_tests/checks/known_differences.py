"""Findings that are no breach but a difference of two revisions: the target keeps another one than the run judges it by.

Nothing here names a revision or a rule. A finding is a known difference if the document and the rules of the other revision
accept the answer; its reasons are the rules with whose value of the other revision this one's would accept it, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contract_tests.checks.findings import ContractBroken, Finding
from contract_tests.checks.response import AnswerRules
from contract_tests.checks.session_checker import SessionChecker
from contract_tests.transport.exchanges import Exchange
from polar_contract.behaviour import Behaviour, Refusal
from polar_contract.json_types import JsonValue
from polar_contract.revisions import Revision


@dataclass(slots=True)
class OtherRevision:
    """The revision that the target keeps: its rules, which see every answer, and where each of its rules comes from."""

    revision: Revision
    rules: AnswerRules
    sources: Mapping[str, str]
    _last: tuple[Exchange, bool] | None = None

    def accepts(self, exchange: Exchange) -> bool:
        """Whether this revision has nothing against an answer. Each answer is looked at once, in the order of the run."""
        if self._last is None or self._last[0] is not exchange:
            self._last = (exchange, not self.rules.findings(exchange))
        return self._last[1]


@dataclass(frozen=True)
class ComparedRules(AnswerRules):
    """The rules of the revision that was asked for; they say of each finding whether the other revision explains it."""

    other: OtherRevision = field(kw_only=True)
    asked: str = field(kw_only=True)
    is_expected_by_both: bool = field(default=False, kw_only=True)
    """Whether an expected answer holds in the other revision, too: then another answer is a breach of both."""

    def findings(self, exchange: Exchange) -> list[Finding]:
        is_accepted = self.other.accepts(exchange)
        found = super().findings(exchange)
        return self._known(found, exchange) if found and is_accepted else found

    def check(
        self, exchange: Exchange, *, status: int | None = None, error: str | None = None, shows: JsonValue = None
    ) -> Exchange:
        try:
            return super().check(exchange, status=status, error=error, shows=shows)
        except ContractBroken as broken:
            if self.is_expected_by_both or not self.other.accepts(exchange):
                raise
            raise ContractBroken(self._known(broken.findings, exchange)) from None

    def _known(self, findings: Sequence[Finding], exchange: Exchange) -> list[Finding]:
        if all(one.known_difference for one in findings):
            return list(findings)
        reasons = list(self._reasons(exchange)) or ["no single rule explains it; the revision as a whole does"]
        said = f"{self.other.revision.revision} ({self.other.revision.date}) gives this answer: {'; '.join(reasons)}"
        return [replace(one, known_difference=self.redact(said)) for one in findings]

    def _reasons(self, exchange: Exchange) -> Iterator[str]:
        """The single rules, and the document, that would make this revision accept the answer."""
        own, their = self.session_checker.behaviour, self.other.rules.session_checker.behaviour
        if self._accepts(exchange, own):
            return
        for name, mine, other in _different_rules(own, their):
            if self._accepts(exchange, _with(own, name, other)):
                source = self.other.sources.get(name, "")
                yield f"{name} is {_shown(other)}, not {_shown(mine)} as in {self.asked}. {source}".rstrip(" .")
        if self._accepts(exchange, own, document_of=self.other.rules):
            yield f"the document of {self.other.revision.revision} differs from that of {self.asked}"

    def _accepts(self, exchange: Exchange, behaviour: Behaviour, *, document_of: AnswerRules | None = None) -> bool:
        """Whether these rules, with this or the other document, have nothing against an answer, as far as is known by now."""
        state = self.session_checker.observed_state
        state = replace(state, orders=dict(state.orders), tokens=dict(state.tokens))
        document = document_of or self
        checker = SessionChecker(document.operations, behaviour, state)
        header = behaviour.request.version_header
        versions = self.versions if header == self.session_checker.behaviour.request.version_header else None
        return not AnswerRules(document.operations, document.schemas, str, checker, versions).findings(exchange)


def _different_rules(one: Behaviour, other: Behaviour) -> Iterator[tuple[str, object, object]]:
    for group in one._fields:
        mine, their = getattr(one, group), getattr(other, group)
        for name in mine._fields:
            if getattr(mine, name) != getattr(their, name):
                yield f"{group}.{name}", getattr(mine, name), getattr(their, name)


def _with(behaviour: Behaviour, name: str, value: object) -> Behaviour:
    group, _, rule = name.partition(".")
    return behaviour._replace(**{group: getattr(behaviour, group)._replace(**{rule: value})})


def _shown(value: object) -> str:
    if isinstance(value, Refusal):
        return f"{value.status} {value.error}"
    if isinstance(value, tuple):
        return f"[{', '.join(_shown(one) for one in value)}]"
    return "none" if value is None else str(value)
