"""The catalogue of planted defects, family by family."""

from __future__ import annotations

from mutants.catalogue.accounts import ACCOUNTS
from mutants.catalogue.auth import AUTH
from mutants.catalogue.billing import BILLING
from mutants.catalogue.bodies import BODIES
from mutants.catalogue.callers import CALLERS
from mutants.catalogue.documents import DOCUMENTS
from mutants.catalogue.errors import ERRORS
from mutants.catalogue.figures import FIGURES
from mutants.catalogue.headers import HEADERS
from mutants.catalogue.ids import IDS
from mutants.catalogue.lists import LISTED
from mutants.catalogue.queries import QUERIES
from mutants.catalogue.readiness import READINESS
from mutants.catalogue.rules import RULES
from mutants.catalogue.states import STATES
from mutants.catalogue.statuses import STATUSES
from mutants.catalogue.unreliable import UNRELIABLE
from mutants.catalogue.values import VALUES
from mutants.catalogue.webhooks import WEBHOOKS
from mutants.layers import Mutant

_FAMILIES = (
    *(STATUSES, BODIES, ERRORS, RULES, AUTH, IDS, LISTED, HEADERS, VALUES, READINESS),
    *(ACCOUNTS, BILLING, STATES, CALLERS, QUERIES, FIGURES, DOCUMENTS, WEBHOOKS, UNRELIABLE),
)


def catalogue() -> dict[str, Mutant]:
    """Every defect by its name."""
    return {f"{one.family}: {one.name}": one for family in _FAMILIES for one in family}
