"""The documented guarantees: rules whose source is the page's prose. All other rules come from the contract or observation.

Source: the page of "Generate order invoice": once generated, an invoice is permanent and can't be changed; billing details
can be changed before; it may take a few seconds until it is there.
"""

from __future__ import annotations

from contract_tests.checks.rules import Rule

DOCUMENTED_GUARANTEES = frozenset({Rule.PERMANENT, Rule.STAYS, Rule.NUMBERED, Rule.ANNOUNCED_ONCE, Rule.READY_SOON})
