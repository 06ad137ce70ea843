"""The judge's options for `pytest contract_tests`, and how they become settings. The same words as `polar-contract run`."""

from __future__ import annotations

import os

import pytest

from contract_tests.findings import CannotRun
from contract_tests.permissions import DEFAULT_READY_WITHIN_SECONDS, read_limits, read_permissions
from contract_tests.settings import (
    DEFAULT_MAX_EXAMPLES,
    DEFAULT_REVISION,
    DEFAULT_SEED,
    DEFAULT_TIMEOUT_SECONDS,
    HARS,
    Settings,
    read_settings,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; they mean nothing to other tests."""
    group = parser.getgroup("polar-contract", "judging a target against the contract (pytest contract_tests)")
    group.addoption("--base-url", metavar="URL", help="the target; without it a mock is started and judged")
    group.addoption(
        "--token",
        action="append",
        default=[],
        metavar="KIND=TOKEN",
        help="a token of a live account: customer, member or organization; better: POLAR_CUSTOMER_TOKEN and so on",
    )
    group.addoption("--revision", default=DEFAULT_REVISION, help="the contract's revision (%(default)s)")
    group.addoption("--seed", type=int, default=DEFAULT_SEED, help="same seed, same requests")
    group.addoption(
        "--max-examples", type=int, default=DEFAULT_MAX_EXAMPLES, help="generated requests per operation and kind"
    )
    group.addoption("--reports", default="reports", metavar="FOLDER", help="where the reports go")
    group.addoption(
        "--target-timeout", type=float, default=DEFAULT_TIMEOUT_SECONDS, metavar="SECONDS", help="patience per answer"
    )
    group.addoption("--allow-writes", action="store_true", help="PATCH orders of a live account, and put them back")
    group.addoption(
        "--allow-invoice", action="append", default=[], metavar="ORDER_ID", help="ask for this invoice once"
    )
    group.addoption(
        "--follow-downloads", action="store_true", help="download invoices from the host that their URL names"
    )
    group.addoption("--as-live", action="store_true", help="treat a mock as a live account, to rehearse")
    group.addoption("--no-session", action="store_true", help="open no customer session on a live account")
    group.addoption("--requests-per-minute", type=int, metavar="N", help="80 for other hosts than this machine")
    group.addoption("--max-requests", type=int, metavar="N", help="send no more than N requests")
    group.addoption(
        "--max-time", type=float, metavar="SECONDS", help="begin no request after this time (900 here, 3600 elsewhere)"
    )
    group.addoption("--ca-bundle", metavar="FILE", help="trust these authorities alone (PEM)")
    group.addoption(
        "--ready-within",
        type=float,
        default=DEFAULT_READY_WITHIN_SECONDS,
        metavar="SECONDS",
        help="how soon an invoice has to be there (%(default)g)",
    )
    group.addoption("--har", choices=HARS, default=HARS[0], help="how much exchanges.har holds: at most 5 MB, or all")
    group.addoption("--promises", action="store_true", help="count broken promises against a live target too")
    group.addoption("--i-understand-this-is-production", action="store_true", help="allow api.polar.sh")


def settings_from(config: pytest.Config) -> Settings:
    """Errors: CannotJudge."""
    option = config.option
    if not hasattr(option, "i_understand_this_is_production"):
        raise CannotRun(
            "The judge's options are missing; run pytest from the checkout, or with -p contract_tests.options."
        )
    return read_settings(
        base_url=option.base_url,
        token_options=option.token,
        environment=os.environ,
        revision=option.revision,
        seed=option.seed,
        max_examples=option.max_examples,
        reports=option.reports,
        timeout_seconds=option.target_timeout,
        promises=option.promises,
        # pytest's own -x does it.
        fail_fast=False,
        ca_bundle=option.ca_bundle,
        har=option.har,
        permissions=read_permissions(
            writes=option.allow_writes,
            invoice_ids=option.allow_invoice,
            downloads=option.follow_downloads,
            session=not option.no_session,
        ),
        limits=read_limits(
            requests_per_minute=option.requests_per_minute,
            max_requests=option.max_requests,
            max_seconds=option.max_time,
            ready_within_seconds=option.ready_within,
        ),
        as_live=option.as_live,
        production=option.i_understand_this_is_production,
    )
