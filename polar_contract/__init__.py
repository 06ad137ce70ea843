"""The law as a loaded document: found, read, checked, overlaid, cached. Actor and judge import it, not it them."""

from __future__ import annotations

from polar_contract.errors import ContractError
from polar_contract.json_types import JsonObject, JsonValue
from polar_contract.loading import Contract, load_contract, revisions
from polar_contract.revisions import Revision

__all__ = ["Contract", "ContractError", "JsonObject", "JsonValue", "Revision", "load_contract", "revisions"]
