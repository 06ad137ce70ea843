"""The catalogue of planted defects, family by family."""

from __future__ import annotations

from mutants.catalogue.accounts import ACCOUNTS
from mutants.catalogue.aftermaths import AFTERMATHS
from mutants.catalogue.attempts import ATTEMPTS
from mutants.catalogue.auth import AUTH
from mutants.catalogue.billing import BILLING
from mutants.catalogue.bills import BILLS
from mutants.catalogue.bodies import BODIES
from mutants.catalogue.callers import CALLERS
from mutants.catalogue.channels import CHANNELS
from mutants.catalogue.customers import CUSTOMERS
from mutants.catalogue.deliveries import DELIVERIES
from mutants.catalogue.documents import DOCUMENTS
from mutants.catalogue.endpoints import ENDPOINTS
from mutants.catalogue.errors import ERRORS
from mutants.catalogue.figures import FIGURES
from mutants.catalogue.forms import FORMS
from mutants.catalogue.headers import HEADERS
from mutants.catalogue.headlines import HEADLINES
from mutants.catalogue.ids import IDS
from mutants.catalogue.lists import LISTED
from mutants.catalogue.moves import MOVES
from mutants.catalogue.papers import PAPERS
from mutants.catalogue.patches import PATCHES
from mutants.catalogue.queries import QUERIES
from mutants.catalogue.readiness import READINESS
from mutants.catalogue.records import RECORDS
from mutants.catalogue.rules import RULES
from mutants.catalogue.searches import SEARCHES
from mutants.catalogue.sequences import SEQUENCES
from mutants.catalogue.spellings import SPELLINGS
from mutants.catalogue.stale import STALE
from mutants.catalogue.states import STATES
from mutants.catalogue.statuses import STATUSES
from mutants.catalogue.successes import SUCCESSES
from mutants.catalogue.unreliable import UNRELIABLE
from mutants.catalogue.values import VALUES
from mutants.catalogue.webhooks import WEBHOOKS
from mutants.layers import Mutant

_FAMILIES = (
    *(
        STATUSES,
        SUCCESSES,
        BODIES,
        FORMS,
        ERRORS,
        RULES,
        PATCHES,
        BILLING,
        STATES,
        MOVES,
        SEQUENCES,
        AFTERMATHS,
        AUTH,
        CALLERS,
        ACCOUNTS,
        IDS,
        SPELLINGS,
    ),
    *(LISTED, QUERIES, SEARCHES, CUSTOMERS, HEADERS, HEADLINES, VALUES, FIGURES, READINESS, DOCUMENTS, PAPERS, BILLS),
    *(WEBHOOKS, DELIVERIES, ATTEMPTS, ENDPOINTS, CHANNELS, RECORDS, UNRELIABLE, STALE),
)


def catalogue() -> dict[str, Mutant]:
    """Every defect by its name."""
    return {f"{one.family}: {one.name}": one for family in _FAMILIES for one in family}
