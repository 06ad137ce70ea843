"""Configures Schemathesis for this contract: expected statuses, enabled checks, and known false alarms."""

from __future__ import annotations

import re
from typing import Any

from schemathesis import Config
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.generation.case import Case

from contract_tests.runner.context import RunContext
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject
from polar_contract.operations import Operation

# Operations that may refuse data that their schema allows, with the rule that the schema does not express.
_REFUSES_VALID_DATA = {
    "customer_portal:orders:list": "numbers beyond 64 bits, NUL in texts",
    "customer_portal:orders:update": "country and state never change; NUL and lone surrogates in texts",
    "customer_portal:orders:generate_invoice": "not paid, or no billing details",
    "customer_portal:orders:confirm_retry_payment": "exactly one way to pay; only orders in dunning",
    "customer_portal:customers:update": "an address once set is never cleared; tax numbers have a form",
    "orders:list": "numbers beyond 64 bits, NUL in texts",
    "orders:create": "customer and product have to exist; an amount or units, as the price has it",
    "orders:finalize": "only drafts; charging may be switched off, or fail",
    "orders:update": "country and state never change; NUL and lone surrogates in texts",
    "orders:generate_invoice": "not paid, or no billing details",
    "customer-sessions:create": "the customer has to exist",
    "member-sessions:create": "the member has to exist",
    "webhooks:list_webhook_endpoints": "numbers beyond 64 bits; another organization",
    "webhooks:create_webhook_endpoint": "https only, public hosts only, no organization_id",
    "webhooks:update_webhook_endpoint": "https only, public hosts only",
    "webhooks:list_webhook_deliveries": "times need a zone; numbers beyond 64 bits",
}
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_TRUTH = re.compile(r"(?i)[01](\.0)?|t(rue)?|f(alse)?|y(es)?|n(o)?|on|off")
# Values outside the schema that the service accepts, because its validator runs in lax mode.
_ALSO_TAKEN = {
    "start_timestamp": _NUMBER,
    "end_timestamp": _NUMBER,
    "created_after": _NUMBER,
    "created_before": _NUMBER,
    # A number with a fraction is read as a time, one of the types that a value may have.
    "custom_field_data": re.compile(r"(?s)\{[^\[{]*\}"),
    # Only `metadata[key]` is a filter; plain `metadata` is an unknown parameter, which the service ignores.
    "metadata": re.compile(r"(?s).*"),
    "succeeded": _TRUTH,
    "enabled": _TRUTH,
    "page": re.compile(r"\s*\+?[\d_]+(\.0+)?\s*"),
    "limit": re.compile(r"\s*\+?[\d_]+(\.0+)?\s*"),
}
# Their body may be left out, and null counts as that.
_WITHOUT_BODY = frozenset({"orders:finalize"})
# Statuses for refused invalid data. 307: an id that is empty or ends in a slash leads to another route.
_REFUSALS = ("307", "400", "401", "404", "405", "413", "422")


def schemathesis_config(context: RunContext, operation: Operation) -> Config:
    """The settings for one operation. Nothing is stored between runs; the same seed gives the same requests."""
    checks: JsonObject = {
        "positive_data_acceptance": {"expected-statuses": list(_acceptances(operation))},
        "negative_data_rejection": {"expected-statuses": list(_REFUSALS)},
        # It sends requests that bypass the guarded session; `test_core` and `properties` cover requests without a valid token.
        "ignored_auth": {"enabled": False},
        # The service names the first route's method only; our own rule checks that.
        "allow_header_conformance": {"enabled": False},
        # An invoice is generated some time after the request, so its absence proves nothing.
        "ensure_resource_availability": {"enabled": False},
    }
    return Config.from_dict(
        {
            "seed": context.case.settings.seed,
            "cache": {"enabled": False},
            "generation": {
                "database": "none",
                "with-security-parameters": False,
                # Databases reject NUL; how a live service reacts to it is known already.
                "allow-x00": context.target.is_mock,
            },
            "checks": checks,
            "tls-verify": True,
            "max-redirects": 0,
            "request-timeout": context.case.settings.timeout_seconds,
        }
    )


def is_false_alarm(failure: Failure, case: Case[Any], exchange: Exchange) -> bool:
    """Whether Schemathesis reports something that the service is known to do on purpose."""
    if not isinstance(failure, AcceptedNegativeData):
        return False
    if case.body is None and exchange.operation_id in _WITHOUT_BODY:
        return True
    if exchange.status >= 300:
        return False
    sent = {**case.query, **(case.body if isinstance(case.body, dict) else {})}
    return any(_is_taken(name.partition("[")[0], value) for name, value in sent.items())


def _is_taken(name: str, value: object) -> bool:
    return name in _ALSO_TAKEN and _ALSO_TAKEN[name].fullmatch(str(value)) is not None


def _acceptances(operation: Operation) -> tuple[str, ...]:
    found = tuple(str(status) for status in operation.statuses if status < 300)
    missing = tuple(str(status) for status in (404, 409, 412) if status in operation.statuses)
    refused = ("422",) if operation.id in _REFUSES_VALID_DATA else ()
    return found + missing + refused
