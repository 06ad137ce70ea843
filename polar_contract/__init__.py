"""The published contract as a loaded document: find, read, check, overlay and cache it.

The mock server and the contract tests import this package; it imports neither.
"""

from __future__ import annotations

from polar_contract.behaviour import Behaviour
from polar_contract.errors import ContractError
from polar_contract.json_types import JsonObject, JsonValue
from polar_contract.loading import Contract, default_revision, load_contract, revisions
from polar_contract.revisions import Revision

__all__ = [
    "Behaviour",
    "Contract",
    "ContractError",
    "JsonObject",
    "JsonValue",
    "Revision",
    "default_revision",
    "load_contract",
    "revisions",
]
