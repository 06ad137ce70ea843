"""Opens a target that cannot be used, as a run does before its first check."""

from __future__ import annotations

import pytest

from contract_tests.config.errors import CannotRun
from contract_tests.config.settings import Settings
from contract_tests.targets.open import open_target
from contract_tests.transport.exchanges import Ledger
from polar_contract import Contract
from polar_contract.operations import Operations


def why_it_cannot_be_opened(contract: Contract, settings: Settings) -> str:
    """The sentence with which a run with these settings ends."""
    operations = Operations(contract.published, contract.effective)
    opened = open_target(settings, operations, ledger=Ledger(), learn=lambda secret, name: None)
    with pytest.raises(CannotRun) as problem, opened:
        pytest.fail("it was opened")
    return str(problem.value)
