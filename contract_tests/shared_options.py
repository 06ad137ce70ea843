"""Options that several commands of `polar-contract` have, in the same words."""

from __future__ import annotations

import math

import click

from contract_tests.permissions import LIVE_RUN_SECONDS, LOOPBACK_RUN_SECONDS
from contract_tests.settings import DEFAULT_REVISION, DEFAULT_TIMEOUT_SECONDS


class _Seconds(click.FloatRange):
    """A range lets NaN pass, as it is neither below nor above anything."""

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        return self.fail(f"{value} is no number of seconds.", param, ctx) if math.isnan(seconds) else seconds


revision_option = click.option(
    "--revision", default=DEFAULT_REVISION, show_default=True, help="The contract's revision."
)
timeout_option = click.option(
    "--timeout",
    type=_Seconds(0, 600, min_open=True),
    default=DEFAULT_TIMEOUT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Patience per answer.",
)
ca_bundle_option = click.option(
    "--ca-bundle",
    metavar="FILE",
    help="Trust these authorities alone (PEM); else those of REQUESTS_CA_BUNDLE or SSL_CERT_FILE, else the usual ones.",
)
max_time_option = click.option(
    "--max-time",
    type=_Seconds(0, 86_400, min_open=True),
    metavar="SECONDS",
    help=f"Begin no request after this time.  [default: {LOOPBACK_RUN_SECONDS:g} on this machine, {LIVE_RUN_SECONDS:g} elsewhere]",
)
env_file_option = click.option(
    "--env-file",
    metavar="FILE",
    help="Take tokens that the environment lacks from a file like .env: POLAR_ORGANIZATION_TOKEN=... and so on.",
)
production_option = click.option(
    "--i-understand-this-is-production", "production", is_flag=True, help="Allow api.polar.sh."
)
