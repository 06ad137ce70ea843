"""The typed form of a world document with its defaults. `parsing` reads one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mock_server.documents.orders import OrderDocument
from mock_server.domain.addresses import Address
from mock_server.domain.customers import CustomerType, MemberRole
from mock_server.domain.metadata import Metadata
from mock_server.domain.policies import Policies
from mock_server.domain.products import RecurringInterval
from mock_server.domain.sessions import CredentialKind
from mock_server.domain.subscriptions import SubscriptionStatus
from mock_server.domain.webhooks import WebhookFormat

# The document's words for kinds of tokens; the contract has another name for an organization's scheme.
TOKEN_KINDS = {
    "customer_session": CredentialKind.CUSTOMER_SESSION,
    "member_session": CredentialKind.MEMBER_SESSION,
    "organization_access_token": CredentialKind.ACCESS_TOKEN,
}


@dataclass(frozen=True, slots=True)
class OrganizationDocument:
    id: str | None = None
    slug: str = "acme"
    name: str = "Acme Inc."
    invoice_prefix: str | None = None
    email: str | None = None
    website: str | None = None
    created_at: datetime | None = None
    member_model: bool = False
    member_sessions: bool = True
    off_session_charges: bool = False
    ready_for_payments: bool = True


@dataclass(frozen=True, slots=True)
class BenefitDocument:
    description: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ProductDocument:
    name: str
    id: str | None = None
    price_id: str | None = None
    description: str | None = None
    price_amount: int | None = 1000
    """None: free."""
    currency: str = "usd"
    unit_label: str | None = None
    recurring_interval: RecurringInterval | None = None
    benefits: tuple[BenefitDocument, ...] = ()
    created_at: datetime | None = None
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MemberDocument:
    id: str | None
    role: MemberRole
    email: str
    name: str | None
    external_id: str | None


@dataclass(frozen=True, slots=True)
class CustomerDocument:
    email: str | None
    id: str | None = None
    name: str | None = None
    external_id: str | None = None
    type: CustomerType = CustomerType.INDIVIDUAL
    billing_address: Address | None = None
    members: Mapping[str, MemberDocument] = field(default_factory=dict)
    created_at: datetime | None = None
    modified_at: datetime | None = None
    billing_name: str | None = None
    tax_id: tuple[str, str] | None = None
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenDocument:
    kind: CredentialKind
    token: str | None = None
    customer: str | None = None
    member: str | None = None
    scopes: frozenset[str] | None = None
    expires_in_seconds: float | None = None
    return_url: str | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionDocument:
    customer: str
    product: str
    id: str | None = None
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    started_at: datetime | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True)
class EndpointDocument:
    url: str
    id: str | None = None
    name: str | None = None
    format: WebhookFormat = WebhookFormat.RAW
    events: tuple[str, ...] = ()
    secret: str | None = None
    signature: str | None = None
    """`legacy` or `standard`; None: as the form of the secret says."""
    api_version: str | None = None
    enabled: bool = True
    created_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorldDocument:
    revision: str | None = None
    organization: OrganizationDocument = field(default_factory=OrganizationDocument)
    products: Mapping[str, ProductDocument] = field(default_factory=dict)
    customers: Mapping[str, CustomerDocument] = field(default_factory=dict)
    tokens: Mapping[str, TokenDocument] = field(default_factory=dict)
    orders: Mapping[str, OrderDocument] = field(default_factory=dict)
    subscriptions: Mapping[str, SubscriptionDocument] = field(default_factory=dict)
    webhook_endpoints: Mapping[str, EndpointDocument] = field(default_factory=dict)
    policies: Policies = field(default_factory=Policies)
