"""Run the checks."""

from __future__ import annotations

from sdk.clients.checking import read_given, run_checks
from sdk.clients.python_1x import callers, orders, refusals, webhooks
from sdk.clients.python_1x.fixtures import make_fixtures

CHECKS = {**orders.CHECKS, **callers.CHECKS, **webhooks.CHECKS, **refusals.CHECKS}


def main() -> None:
    given = read_given()
    run_checks(CHECKS, make_fixtures(given), given.checks)


if __name__ == "__main__":
    main()
