"""The options of `pytest contract_tests`, how they become settings, and the plugin that gets them.

They have the names of those of `polar-contract run`, except `--target-timeout`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from contract_tests.checks.chosen_rules import chosen_rules
from contract_tests.config.errors import CannotRun
from contract_tests.config.permissions import DEFAULT_READY_WITHIN_SECONDS, read_limits, read_permissions
from contract_tests.config.settings import (
    DEFAULT_MAX_EXAMPLES,
    DEFAULT_SEED,
    DEFAULT_TIMEOUT_SECONDS,
    HARS,
    Settings,
    named_revision,
    read_settings,
    renamed,
)
from polar_contract import ContractError

_PACKAGE = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; other tests ignore them."""
    group = parser.getgroup("polar-contract", "testing a target against the contract (pytest contract_tests)")
    group.addoption("--base-url", metavar="URL", help="the target; default: start the bundled mock and test it")
    group.addoption(
        "--token",
        action="append",
        default=[],
        metavar="KIND=TOKEN",
        help="a token of a live account: customer, member or organization; prefer POLAR_CUSTOMER_TOKEN etc.",
    )
    group.addoption("--revision", help="the contract's revision, or auto (the default): the one that the target keeps")
    group.addoption("--seed", type=int, default=DEFAULT_SEED, help="same seed, same requests")
    group.addoption(
        "--max-examples", type=int, default=DEFAULT_MAX_EXAMPLES, help="generated requests per operation and kind"
    )
    group.addoption("--reports", default="reports", metavar="FOLDER", help="folder for the reports")
    group.addoption(
        "--target-timeout",
        type=float,
        default=DEFAULT_TIMEOUT_SECONDS,
        metavar="SECONDS",
        help="seconds to wait for a complete response",
    )
    group.addoption("--allow-writes", action="store_true", help="PATCH orders of a live account, then restore them")
    group.addoption(
        "--allow-invoice", action="append", default=[], metavar="ORDER_ID", help="request this invoice once"
    )
    group.addoption("--follow-downloads", action="store_true", help="download invoices from the host in their URL")
    group.addoption("--as-live", action="store_true", help="treat a mock as a live account, to rehearse")
    group.addoption("--no-session", action="store_true", help="open no customer session on a live account")
    group.addoption("--requests-per-minute", type=int, metavar="N", help="default 80; unlimited on loopback")
    group.addoption("--max-requests", type=int, metavar="N", help="send at most N requests")
    group.addoption(
        "--max-time",
        type=float,
        metavar="SECONDS",
        help="start no request after this time (default 900 on loopback, 3600 elsewhere)",
    )
    group.addoption("--ca-bundle", metavar="FILE", help="trust only these certificate authorities (PEM)")
    group.addoption(
        "--ready-within",
        type=float,
        default=DEFAULT_READY_WITHIN_SECONDS,
        metavar="SECONDS",
        help="how soon a requested invoice must be available (%(default)g)",
    )
    group.addoption(
        "--har", choices=HARS, default=HARS[0], help="size of exchanges.har: at most 5 MB, or all exchanges"
    )
    group.addoption(
        "--only-rule", action="append", default=[], metavar="ID", help="report only violations of this rule"
    )
    group.addoption(
        "--documented-guarantees",
        action="store_true",
        help="count broken documented guarantees on a live target, too",
    )
    group.addoption("--promises", action="store_true", help=argparse.SUPPRESS)
    group.addoption("--i-understand-this-is-production", action="store_true", help="allow api.polar.sh")


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin if the contract tests are named. During collection, pytest would report a refused option as a traceback."""
    if any(_names_contract_tests(argument, config) for argument in config.args):
        register_plugin(config)


def _names_contract_tests(argument: str, config: pytest.Config) -> bool:
    name = argument.partition("::")[0]
    if config.option.pyargs and name.partition(".")[0] == _PACKAGE.name:
        return True
    return (config.invocation_params.dir / name).resolve().is_relative_to(_PACKAGE)


def register_plugin(config: pytest.Config) -> None:
    """Register the plugin once, with its settings. Ends pytest with exit code 2 and a sentence if it can't run."""
    # Imported late: tests of other code do not need it.
    from contract_tests.runner.identifying import Beginning, begin
    from contract_tests.runner.plugin import PLUGIN_NAME, ContractTestsPlugin

    if config.pluginmanager.hasplugin(PLUGIN_NAME):
        return
    try:
        settings = settings_from(config)
        begun = Beginning(settings) if config.option.collectonly else begin(settings)
        plugin = ContractTestsPlugin(begun.settings, asked_before=begun.exchanges, problem=begun.problem)
        _ = plugin.case
    except (CannotRun, ContractError) as problem:
        pytest.exit(str(problem), returncode=2)
    config.pluginmanager.register(plugin, PLUGIN_NAME)


def settings_from(config: pytest.Config) -> Settings:
    """Settings from the command line of pytest. Errors: CannotRun."""
    option = config.option
    if not hasattr(option, "i_understand_this_is_production"):
        raise CannotRun(
            "The options of the contract tests are missing; run pytest from the checkout, or with -p contract_tests.runner.pytest_options."
        )
    if option.promises:
        sys.stderr.write(f"{renamed('--promises')}\n")
    return read_settings(
        base_url=option.base_url,
        token_options=option.token,
        environment=os.environ,
        **named_revision(option.revision),
        seed=option.seed,
        max_examples=option.max_examples,
        reports=option.reports,
        timeout_seconds=option.target_timeout,
        only_rules=chosen_rules(option.only_rule),
        documented_guarantees=option.documented_guarantees or option.promises,
        # pytest's own -x does this.
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
