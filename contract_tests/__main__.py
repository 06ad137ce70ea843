"""`python -m contract_tests` is `polar-contract`."""

from contract_tests.cli import main

main()
