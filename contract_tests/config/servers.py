"""Addresses of the servers listed in the contract, so that they are written down only once. Sends no requests."""

from __future__ import annotations

from contract_tests.config.errors import CannotRun
from polar_contract import ContractError, load_contract
from polar_contract.json_types import as_list, as_object

SANDBOX = "sandbox"


def address_of(name: str, revision: str) -> str:
    """The URL of a server by its name in the contract, such as `sandbox`. Errors: CannotRun."""
    try:
        published = load_contract(revision).published
    except ContractError as problem:
        raise CannotRun(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from problem
    for server in map(as_object, as_list(published.get("servers"))):
        if server.get("x-speakeasy-server-id") == name:
            return str(server["url"])
    raise CannotRun(f"The contract of revision {revision} names no server {name!r}; give its URL.")
