"""Run the checks with the release that the environment has."""

from __future__ import annotations

from polar_sdk import Polar

from sdk.clients.checking import read_given, run_checks
from sdk.clients.python_0x import callers, orders, refusals, webhooks
from sdk.clients.python_0x.fixtures import Fixtures

CHECKS = {**orders.CHECKS, **callers.CHECKS, **webhooks.CHECKS, **refusals.CHECKS}


def main() -> None:
    given = read_given()
    organization = Polar(access_token=given.shop.tokens["organization"], server_url=given.base_url)
    run_checks(CHECKS, Fixtures(given, Polar(server_url=given.base_url), organization), given.checks)


if __name__ == "__main__":
    main()
