"""Options that several commands of `polar-contract` share, with the same help text."""

from __future__ import annotations

import math

import click

from contract_tests.config.permissions import LIVE_RUN_SECONDS, LOOPBACK_RUN_SECONDS
from contract_tests.config.settings import DEFAULT_TIMEOUT_SECONDS
from polar_contract import ContractError, default_revision


class _Seconds(click.FloatRange):
    """Seconds within a range. Click's range accepts NaN, because NaN compares as neither below nor above a limit."""

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        return self.fail(f"{value} is no number of seconds.", param, ctx) if math.isnan(seconds) else seconds


def _named_or_default(_context: click.Context, _option: click.Parameter, name: str | None) -> str:
    try:
        return name or default_revision()
    except ContractError as problem:
        raise click.UsageError(f"{problem}.") from problem


revision_option = click.option(
    "--revision",
    callback=_named_or_default,
    help="The contract's revision; default: the one that the spec names.",
)
auto_revision_option = click.option(
    "--revision",
    help="The contract's revision. Default: auto, the one that the target keeps; for the bundled mock, the one that the spec names.",
)
account_revision_option = click.option(
    "--revision", help="The contract's revision. Default: auto, the one that the account keeps."
)
compared_revision_option = click.option(
    "--revision",
    help="The contract's revision. Default: auto, the one that the live account keeps; between mocks, the one of both, else "
    "the one that the spec names.",
)
recorded_revision_option = click.option(
    "--revision", help="The contract's revision. Default: auto, the one that the recorded answers name."
)
date_option = click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Judge versions as of this day. Default: the day of the target's answers.",
)
timeout_option = click.option(
    "--timeout",
    type=_Seconds(0, 600, min_open=True),
    default=DEFAULT_TIMEOUT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Seconds to wait for a complete response.",
)
ca_bundle_option = click.option(
    "--ca-bundle",
    metavar="FILE",
    help="Trust only these certificate authorities (PEM). Default: REQUESTS_CA_BUNDLE or SSL_CERT_FILE, else the system's.",
)
max_time_option = click.option(
    "--max-time",
    type=_Seconds(0, 86_400, min_open=True),
    metavar="SECONDS",
    help=f"Start no request after this time.  [default: {LOOPBACK_RUN_SECONDS:g} on loopback, {LIVE_RUN_SECONDS:g} elsewhere]",
)
env_file_option = click.option(
    "--env-file",
    metavar="FILE",
    help="Read tokens that the environment does not set from a file such as .env: POLAR_ORGANIZATION_TOKEN=... etc.",
)
only_rule_option = click.option(
    "--only-rule",
    "only_rules",
    multiple=True,
    metavar="ID",
    help="Report only violations of this rule; may be repeated. `polar-contract rules` lists the ids.",
)
production_option = click.option(
    "--i-understand-this-is-production", "production", is_flag=True, help="Allow api.polar.sh."
)
