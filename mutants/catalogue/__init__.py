"""The catalogue of planted defects, family by family."""

from __future__ import annotations

from mutants.catalogue.accounts import ACCOUNTS
from mutants.catalogue.after_effects import AFTER_EFFECTS
from mutants.catalogue.amounts import AMOUNTS
from mutants.catalogue.attempts import ATTEMPTS
from mutants.catalogue.auth import AUTH
from mutants.catalogue.billing import BILLING
from mutants.catalogue.bodies import BODIES
from mutants.catalogue.caching import CACHING
from mutants.catalogue.callers import CALLERS
from mutants.catalogue.channels import CHANNELS
from mutants.catalogue.customers import CUSTOMERS
from mutants.catalogue.deliveries import DELIVERIES
from mutants.catalogue.documents import DOCUMENTS
from mutants.catalogue.endpoints import ENDPOINTS
from mutants.catalogue.errors import ERRORS
from mutants.catalogue.forms import FORMS
from mutants.catalogue.header_values import HEADER_VALUES
from mutants.catalogue.headers import HEADERS
from mutants.catalogue.ids import IDS
from mutants.catalogue.invoice_pdfs import INVOICE_PDFS
from mutants.catalogue.invoice_totals import INVOICE_TOTALS
from mutants.catalogue.lists import LISTED
from mutants.catalogue.patches import PATCHES
from mutants.catalogue.queries import QUERIES
from mutants.catalogue.readiness import READINESS
from mutants.catalogue.records import RECORDS
from mutants.catalogue.rules import RULES
from mutants.catalogue.searches import SEARCHES
from mutants.catalogue.sequences import SEQUENCES
from mutants.catalogue.spellings import SPELLINGS
from mutants.catalogue.states import STATES
from mutants.catalogue.statuses import STATUSES
from mutants.catalogue.successes import SUCCESSES
from mutants.catalogue.transitions import TRANSITIONS
from mutants.catalogue.unreliable import UNRELIABLE
from mutants.catalogue.values import VALUES
from mutants.catalogue.webhooks import WEBHOOKS
from mutants.operators import Mutant

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
        TRANSITIONS,
        SEQUENCES,
        AFTER_EFFECTS,
        AUTH,
        CALLERS,
        ACCOUNTS,
        IDS,
        SPELLINGS,
    ),
    *(
        LISTED,
        QUERIES,
        SEARCHES,
        CUSTOMERS,
        HEADERS,
        HEADER_VALUES,
        VALUES,
        AMOUNTS,
        READINESS,
        DOCUMENTS,
        INVOICE_PDFS,
        INVOICE_TOTALS,
    ),
    *(WEBHOOKS, DELIVERIES, ATTEMPTS, ENDPOINTS, CHANNELS, RECORDS, UNRELIABLE, CACHING),
)


def catalogue() -> dict[str, Mutant]:
    """Every defect by its name."""
    return {f"{one.family}: {one.name}": one for family in _FAMILIES for one in family}
