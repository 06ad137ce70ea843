"""`polar-contract` and `python -m contract_tests`: runs the command line, if the extra that brings its libraries is installed."""

from __future__ import annotations

import sys

from polar_contract.extras import how_to_install, missing

# The libraries of the extra `contract-tests` that this package imports.
LIBRARIES = ("dotenv", "hypothesis", "pypdf", "pytest", "requests", "rich", "schemathesis", "urllib3")


def main() -> None:
    absent = missing(LIBRARIES)
    if absent:
        sys.stderr.write(
            f"polar-contract needs libraries that are not installed ({', '.join(absent)}). "
            f"Install them: {how_to_install('contract-tests')}\n"
        )
        sys.exit(2)
    # Imported late: without these libraries it can't be.
    from contract_tests.cli import main as run

    run()


if __name__ == "__main__":
    main()
