"""The rules whose source is the page's prose, by name. What the service keeps of its schema and codes is law or observed.

Source: the page of "Generate order invoice": once generated, an invoice is permanent and can't be changed; billing details
can be changed before; it may take a few seconds until it is there.
"""

from __future__ import annotations

from contract_tests.rules import Rule

PROMISES = frozenset({Rule.PERMANENT, Rule.STAYS, Rule.NUMBERED, Rule.ANNOUNCED_ONCE, Rule.READY_SOON})
