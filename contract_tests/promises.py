"""The rules whose source is the page's prose, by name. What the service keeps of its schema and codes is law or observed.

Source: the page of "Generate order invoice": once generated, an invoice is permanent and can't be changed; billing details
can be changed before; it may take a few seconds until it is there.
"""

from __future__ import annotations

PERMANENT = "An issued invoice never changes"
STAYS = "An invoice that was issued stays"
NUMBERED = "An order keeps its invoice number"
ANNOUNCED_ONCE = "An invoice is announced once, by one order.updated"
READY_SOON = "An invoice is ready within seconds"
PROMISES = frozenset({PERMANENT, STAYS, NUMBERED, ANNOUNCED_ONCE, READY_SOON})
