"""Property tests of one operation with Schemathesis: its coverage cases, then generated ones, valid and invalid.

Schemathesis sends its requests through the GuardedSession; its failures become findings. Nothing is shrunk: the target
keeps state, so a smaller request that is sent later would test something else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import ProjectConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.case import Case as AnyCase

# CoverageGenerator and the two imports below have no public API in 4.32.5, which is pinned for that reason.
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.overrides import Override

from contract_tests.checks.findings import ContractBroken, Finding
from contract_tests.checks.rules import Rule
from contract_tests.config.credentials import NONSENSE_TOKENS, way_to_token
from contract_tests.config.gaps import Remedy, not_checked
from contract_tests.runner.context import RunContext
from contract_tests.suites.cases.requests import LACKS_SCOPE
from contract_tests.suites.patterns import remembered_patterns
from contract_tests.suites.schemathesis_config import is_false_alarm, schemathesis_config
from contract_tests.targets.fixtures import Fixtures
from contract_tests.transport.exchanges import Exchange
from polar_contract.operations import Operation

Case: TypeAlias = AnyCase[Any]

LIVE_EXAMPLES = 4
# What only the third world of the core table has: drafts, receipts, and an organization that may charge.
_OF_DRAFTS_WORLD = frozenset({"orders:create", "orders:finalize", "orders:receipt", "customer_portal:orders:receipt"})
# Parts of a valid body that have to be real for the request to be accepted, with names of fixtures.
_REAL_PARTS: Mapping[str, Mapping[str, str | None]] = {
    "orders:create": {"customer_id": "customer:buyer", "product_id": "product:manual", "organization_id": None},
}
_NONSENSE_OF = {True: "unknown_customer", False: "unknown_organization"}
_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def worlds_for(operation: Operation) -> tuple[str, ...]:
    """The worlds whose objects the requests of an operation are about."""
    return ("drafts",) if operation.id in _OF_DRAFTS_WORLD else ("core", "members")


def check_operation(context: RunContext, fixtures: Fixtures, operation: Operation) -> None:
    """Check the cases of Schemathesis. Errors: ContractBroken with one finding per broken rule and status; skips writes if live."""
    if not context.target.is_mock and not operation.is_read:
        why = "it writes, and a live account only gets reads and refusals"
        not_checked(operation.id, why, Remedy.MOCK, "requests that change an account")
    name = "customer" if operation.is_portal else "organization"
    token = fixtures.token(f"drafts_{name}") or fixtures.token(name)
    if token is None:
        remedy, item = way_to_token(name)
        not_checked(operation.id, f"it needs {item}", remedy, item)
    trial = _Trial(context, fixtures, operation, token)
    with remembered_patterns():
        if context.target.is_mock:
            trial.run_coverage()
        trial.run_generated()
    if trial.findings:
        raise ContractBroken(list(trial.findings.values()))


class _Trial:
    """The cases of one operation on given fixtures, and their findings."""

    def __init__(self, context: RunContext, fixtures: Fixtures, operation: Operation, token: str) -> None:
        self.findings: dict[tuple[str, int], Finding] = {}
        self._context = context
        self._operation = operation
        self._is_token_checked = False
        self._ids = _real_ids(fixtures, operation)
        self._parts = {name: one and fixtures.ids.get(one) for name, one in _REAL_PARTS.get(operation.id, {}).items()}
        self._schema = schemathesis.openapi.from_dict(
            context.case.contract.effective, config=schemathesis_config(context, operation)
        )
        self._schema.auth(refresh_interval=None)(_bearer(token))
        self._target = self._schema[operation.path][operation.method]

    def run_coverage(self) -> None:
        """Run the cases that Schemathesis derives from the schema: boundaries, missing and wrong parts, other methods."""
        config: ProjectConfig = self._schema.config
        cases = CoverageGenerator(
            operation=self._target,
            generation_modes=list(_MODES),
            generation_config=config.generation_for(operation=self._target, phase="coverage"),
            auth_storage=None,
            override=Override(query={}, headers={}, cookies={}, path_parameters={}),
            feedback=NO_FEEDBACK,
        )
        for index, case in enumerate(cases):
            self._try(case, self._ids[index % len(self._ids)] if self._ids else None)

    def run_generated(self) -> None:
        """Run random cases; the same seed gives the same cases."""
        settings = self._context.case.settings
        examples = settings.max_examples if self._context.target.is_mock else min(settings.max_examples, LIVE_EXAMPLES)
        for mode in _MODES:
            # `_try` replaces every valid id by a real one, so none is generated: it would only repeat the same requests.
            fixed = {"id": self._ids[0]} if self._ids and mode is GenerationMode.POSITIVE else None
            decorated = hypothesis.given(
                case=self._target.as_strategy(generation_mode=mode, feedback=NO_FEEDBACK, path_parameters=fixed),
                real_id=st.sampled_from(self._ids) if self._ids else st.none(),
            )(self._try)
            with contextlib.suppress(Unsatisfiable):  # an operation without parameters has no invalid request
                hypothesis.seed(settings.seed)(_quiet(examples)(decorated))()

    def _try(self, case: Case, real_id: str | None) -> None:
        meta = case.meta
        if real_id is not None and meta is not None and not meta.is_negative_at(ParameterLocation.PATH):
            case.path_parameters["id"] = real_id
        if self._parts and isinstance(case.body, dict) and meta and not meta.is_negative_at(ParameterLocation.BODY):
            case.body = {**case.body, **self._parts}
        guarded = self._context.client.guarded
        try:
            case.call_and_validate(base_url=guarded.base_url, session=guarded)
        except FailureGroup as group:
            if guarded.ledger.last().status >= 500:
                # The finding of our own rule is shorter.
                self._keep_own(guarded.ledger.last())
                return
            for failure in group.exceptions:
                self._keep(case, failure)
        else:
            self._keep_own(guarded.ledger.last())

        self._check_without_token(guarded.ledger.last())

    def _check_without_token(self, accepted: Exchange) -> None:
        """Once per operation: an accepted request must be refused without a token, and with an unknown token."""
        if self._is_token_checked or not 200 <= accepted.status < 300 or accepted.operation_id != self._operation.id:
            return
        self._is_token_checked = True
        for authorization in (None, f"Bearer {NONSENSE_TOKENS[_NONSENSE_OF[self._operation.is_portal]]}"):
            refused = self._context.client.send_again(accepted, authorization=authorization)
            if refused.status != 401:
                rule = Rule.TOKEN_REQUIRED
                self.findings[rule.id, refused.status] = self._context.rules.finding(
                    refused, rule, "401", source="observed"
                )

    def _keep_own(self, exchange: Exchange) -> None:
        for finding in self._context.rules.findings(exchange):
            self.findings.setdefault((finding.rule.id, exchange.status), finding)

    def _keep(self, case: Case, failure: Exception) -> None:
        exchange = self._context.client.guarded.ledger.last()
        if not isinstance(failure, Failure) or is_false_alarm(failure, case, exchange):
            return
        if not self._context.target.is_mock and exchange.error_name() == LACKS_SCOPE:
            return
        failed, _, detail = (failure.title or "").partition("\n")
        text = " ".join(f"{detail} {failure.message}".split())
        expected = f"{failed} ({failure.code}): {text[:400] or 'the response matches the schema'}"
        finding = self._context.rules.finding(exchange, Rule.GENERATED, expected)
        self.findings.setdefault((failed, exchange.status), finding)


def _real_ids(fixtures: Fixtures, operation: Operation) -> list[str]:
    if not operation.has_id:
        return []
    kind = "order" if "/orders/" in operation.path else "endpoint"
    return fixtures.object_ids(kind, portal=operation.is_portal)


def _bearer(token: str) -> type:
    """An auth provider class for Schemathesis, which omits the header in cases about a missing header."""

    class Bearer:
        def get(self, case: Case, context: object) -> str:
            return token

        def set(self, case: Case, data: str, context: object) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    return Bearer


def _quiet(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
    )
