"""The context of a check: the target, the contract as rules, and the settings of the run. Contains no checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from contract_tests.checks.known_differences import ComparedRules, OtherRevision
from contract_tests.checks.response import AnswerRules
from contract_tests.checks.session_checker import SessionChecker
from contract_tests.checks.versions import VersionRules
from contract_tests.config.credentials import NONSENSE_TOKENS, placeholder
from contract_tests.config.settings import Settings
from contract_tests.model.calendar import Calendar
from contract_tests.model.predictions import Model
from contract_tests.reporting.redaction import Redactor
from contract_tests.targets.open import Target
from contract_tests.transport.client import Client
from contract_tests.transport.exchanges import Ledger
from polar_contract import Behaviour, Contract, load_contract, revisions
from polar_contract.loading import rule_sources
from polar_contract.operations import Operation, Operations
from polar_contract.schemas import ResponseSchemas


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """The contract prepared for checking, without a target."""

    settings: Settings
    contract: Contract
    operations: Operations
    rules: AnswerRules
    ledger: Ledger
    redactor: Redactor
    model: Model

    @property
    def version_headers(self) -> Mapping[str, str]:
        """The header that chooses the revision, if requests of this revision have one.

        A target that is not our mock gets what it was found to serve. Naming the version also keeps a run that goes on while
        versions rotate from meeting two of them.
        """
        if self.settings.service is not None:
            return dict(self.settings.service.headers)
        name = self.contract.behaviour.request.version_header
        return {} if name is None else {name: self.contract.revision}


@dataclass(frozen=True, slots=True)
class RunContext:
    """A case with an open target."""

    case: Case
    target: Target
    notes: list[str] = field(default_factory=list)
    """Sentences about what a check did to a live account, for the report; not redacted."""

    @property
    def client(self) -> Client:
        """Sends requests to the target."""
        return self.target.client

    @property
    def rules(self) -> AnswerRules:
        """The rules for single responses."""
        return self.case.rules

    def rules_for(self, operation: Operation, row_holds: Callable[[Operation, Behaviour], bool]) -> AnswerRules:
        """The rules for an answer that a row expects: one that holds in both of two revisions leaves no difference to know."""
        rules = self.rules
        if not isinstance(rules, ComparedRules):
            return rules
        other = rules.other.rules
        there = other.operations.by_id.get(operation.id)
        return replace(
            rules, is_expected_by_both=there is not None and row_holds(there, other.session_checker.behaviour)
        )

    @property
    def model(self) -> Model:
        """Predicts the answers to the steps of stories."""
        return self.case.model

    @property
    def behaviour(self) -> Behaviour:
        """The rules of the revision that its document does not state."""
        return self.case.contract.behaviour

    @property
    def operations(self) -> Operations:
        """The operations of the contract."""
        return self.case.operations


def prepare_case(settings: Settings, contract: Contract, *, redactor: Redactor | None = None) -> Case:
    """Prepare the contract's rules; the redactor, which may be shared, learns the tokens of the settings."""
    redactor = redactor or Redactor()
    for name, token in (*settings.tokens.items(), *NONSENSE_TOKENS.items()):
        redactor.learn(token, placeholder(name))
    operations = Operations(contract.published, contract.effective)
    session_checker = SessionChecker(operations, contract.behaviour)
    schemas = ResponseSchemas(contract.effective)
    rules = AnswerRules(operations, schemas, redactor.redact, session_checker, _versions(settings, contract))
    if settings.service is not None and settings.service.is_another:
        rules = _compared(rules, settings, contract)
    model = Model(operations, contract.behaviour)
    return Case(settings, contract, operations, rules, Ledger(), redactor, model)


def _compared(rules: AnswerRules, settings: Settings, contract: Contract) -> AnswerRules:
    """Rules that tell known differences from breaches, by the revision that the target keeps."""
    assert settings.service is not None
    revision = next(one for one in revisions() if one.revision == settings.service.keeps)
    kept = load_contract(revision.revision)
    operations = Operations(kept.published, kept.effective)
    checker, schemas = SessionChecker(operations, kept.behaviour), ResponseSchemas(kept.effective)
    checker.observed_state.is_shared = True
    theirs = AnswerRules(operations, schemas, str, checker, _versions(settings, kept))
    other = OtherRevision(revision, theirs, rule_sources(revision.revision))
    return ComparedRules(
        rules.operations,
        rules.schemas,
        rules.redact,
        rules.session_checker,
        rules.versions,
        other=other,
        asked=contract.revision,
    )


def _versions(settings: Settings, contract: Contract) -> VersionRules | None:
    """The rules of versions at this target; None if the revision has no versions."""
    header, service = contract.behaviour.request.version_header, settings.service
    if header is None:
        return None
    calendar, current = Calendar(revisions()), contract.revision
    if service is None:
        return VersionRules(header, current, current, calendar, None)
    judged = dict(service.headers).get(header, current)
    return VersionRules(header, service.current or current, judged, calendar, service.day)
