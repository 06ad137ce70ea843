"""Run the checks."""

from __future__ import annotations

from polar.v2026_04 import Polar

from sdk.clients.checking import read_given, run_checks
from sdk.clients.python_1x import callers, orders, refusals, webhooks
from sdk.clients.python_1x.fixtures import Fixtures

CHECKS = {**orders.CHECKS, **callers.CHECKS, **webhooks.CHECKS, **refusals.CHECKS}


def main() -> None:
    given = read_given()
    customer = Polar(given.shop.tokens["customer"], base_url=given.base_url)
    organization = Polar(given.shop.tokens["organization"], base_url=given.base_url)
    run_checks(CHECKS, Fixtures(given, customer, organization))


if __name__ == "__main__":
    main()
