"""Writing a world back as a document that makes the same world again, ids and tokens included."""

from __future__ import annotations

from datetime import datetime

from mock_server.documents.fields import MOST_SECONDS
from mock_server.documents.schema import TOKEN_KINDS
from mock_server.domain.customers import Customer
from mock_server.domain.invoices import Invoice
from mock_server.domain.limits import RateLimit
from mock_server.domain.orders import Order, Payment
from mock_server.domain.policies import InvoicePolicy
from mock_server.domain.products import Product
from mock_server.domain.sessions import Credential, CredentialKind
from mock_server.domain.subscriptions import Subscription
from mock_server.domain.webhooks import WebhookEndpoint
from mock_server.store.state import World, WorldState
from mock_server.views.basics import address_json, write_time, write_time_or_null
from polar_contract.json_types import JsonObject, JsonValue

_KIND_NAMES = {kind: name for name, kind in TOKEN_KINDS.items()}


def write_world_document(world: World) -> JsonObject:
    """The present state; jobs, events, deliveries and the clock are not part of a document."""
    return _Writer(world.state).document()


class _Writer:
    def __init__(self, state: WorldState) -> None:
        self.founding = state.founding
        self.tables = state.tables
        self.now = state.clock.now()
        self.keys = {id_: name.partition(":")[2] for name, id_ in state.tables.names.items()}

    def document(self) -> JsonObject:
        tables = self.tables
        endpoints = [endpoint for endpoint in tables.endpoints.values() if not endpoint.deleted]
        return {
            "revision": self.founding.revision,
            "organization": self._organization(),
            "products": {self.keys[p.id]: _product(p) for p in tables.products.values()},
            "customers": {self.keys[c.id]: self._customer(c) for c in tables.customers.values()},
            "tokens": self._tokens(),
            "orders": {self.keys[o.id]: self._order(o) for o in tables.orders.values()},
            "subscriptions": {self.keys[s.id]: self._subscription(s) for s in tables.subscriptions.values()},
            "webhook_endpoints": {self._key(e.id, "endpoint"): _endpoint(e) for e in endpoints},
            "invoices": _policy(self.founding.invoice_policy),
            "rate_limits": _limit(self.founding.rate_limit),
        }

    def _key(self, id_: str, kind: str) -> str:
        """The name that the document gave, or one made of the id for what came later."""
        return self.keys.get(id_) or f"{kind}_{id_[:8]}"

    def _organization(self) -> JsonObject:
        organization = self.tables.organization
        return {
            "id": organization.id,
            "slug": organization.slug,
            "name": organization.name,
            "invoice_prefix": organization.invoice_prefix,
            "email": organization.email,
            "website": organization.website,
            "created_at": write_time(organization.created_at),
            "member_model": organization.member_model,
            "member_sessions": organization.member_sessions,
        }

    def _customer(self, customer: Customer) -> JsonObject:
        return {
            "id": customer.id,
            "email": customer.email,
            "name": customer.name,
            "external_id": customer.external_id,
            "type": customer.type,
            "billing_address": address_json(customer.billing_address),
            "members": {
                self._member_key(customer, member.id): {
                    "id": member.id,
                    "role": member.role,
                    "email": member.email,
                    "name": member.name,
                    "external_id": member.external_id,
                }
                for member in customer.members
            },
            "created_at": write_time(customer.created_at),
        }

    def _member_key(self, customer: Customer, member_id: str) -> str:
        return self._key(member_id, "member").removeprefix(f"{self.keys[customer.id]}.")

    def _tokens(self) -> JsonObject:
        names = {token: name for name, token in self.founding.tokens.items()}
        return {names.get(c.token) or f"session_{c.id[:8]}": self._token(c) for c in self.tables.credentials.values()}

    def _token(self, credential: Credential) -> JsonObject:
        customer = self.tables.customers[credential.customer_id] if credential.customer_id else None
        written: JsonObject = {
            "kind": _KIND_NAMES[credential.kind],
            "token": credential.token,
            "scopes": list[JsonValue](sorted(credential.scopes)),
            "expires_in_seconds": _lifetime(credential, self.now),
        }
        if customer is not None:
            written["customer"] = self.keys[customer.id]
        if customer is not None and credential.kind is CredentialKind.MEMBER_SESSION:
            written["member"] = self._member_key(customer, credential.member_id or "")
        return written

    def _order(self, order: Order) -> JsonObject:
        (item,) = order.items
        return {
            "id": order.id,
            "item_id": item.id,
            "customer": self.keys[order.customer_id],
            "product": self.keys[order.product_id] if order.product_id else None,
            "subscription": self.keys[order.subscription_id] if order.subscription_id else None,
            "status": order.status,
            "billing_name": order.billing_name,
            "billing_address": address_json(order.billing_address),
            **_money(order),
            "billing_reason": order.billing_reason,
            "invoice_number": order.invoice_number,
            "seats": order.seats,
            "created_at": write_time(order.created_at),
            "modified_at": write_time_or_null(order.modified_at),
            "next_payment_attempt_at": write_time_or_null(order.next_payment_attempt_at),
            "item_label": item.label,
            "payment": _payment(order.payment),
            "deleted": order.deleted,
            "invoice": _issued(order.invoice),
            "metadata": dict(order.metadata),
        }

    def _subscription(self, subscription: Subscription) -> JsonObject:
        return {
            "id": subscription.id,
            "customer": self.keys[subscription.customer_id],
            "product": self.keys[subscription.product_id],
            "status": subscription.status,
            "started_at": write_time_or_null(subscription.started_at),
        }


def _lifetime(credential: Credential, now: datetime) -> float | None:
    """Seconds that are left, within what a document can say: the world's clock may have been set anywhere."""
    if credential.expires_at is None:
        return None
    return max(-MOST_SECONDS, min(MOST_SECONDS, (credential.expires_at - now).total_seconds()))


def _product(product: Product) -> JsonObject:
    return {
        "id": product.id,
        "price_id": product.price.id,
        "name": product.name,
        "description": product.description,
        "price_amount": product.price.amount_cents,
        "currency": product.price.currency,
        "recurring_interval": product.recurring_interval,
        "benefits": [{"id": benefit.id, "description": benefit.description} for benefit in product.benefits],
        "created_at": write_time(product.created_at),
    }


def _money(order: Order) -> JsonObject:
    amounts = order.amounts
    return {
        "subtotal_amount": amounts.subtotal_cents,
        "discount_amount": amounts.discount_cents,
        "tax_amount": amounts.tax_cents,
        "applied_balance_amount": amounts.applied_balance_cents,
        "refunded_amount": amounts.refunded_cents,
        "refunded_tax_amount": amounts.refunded_tax_cents,
        "currency": order.currency,
    }


def _payment(payment: Payment | None) -> JsonObject | None:
    if payment is None:
        return None
    return {"status": payment.status, "decline_message": payment.decline_message}


def _issued(invoice: Invoice | None) -> JsonObject | None:
    if invoice is None:
        return None
    return {
        "generated_at": write_time(invoice.generated_at),
        "billing_name": invoice.billing_name,
        "billing_address": address_json(invoice.billing_address),
    }


def _endpoint(endpoint: WebhookEndpoint) -> JsonObject:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "name": endpoint.name,
        "format": endpoint.format,
        "events": list(endpoint.events),
        "secret": endpoint.secret,
        "enabled": endpoint.enabled,
    }


def _policy(policy: InvoicePolicy) -> JsonObject:
    return {
        "generation": policy.generation,
        "delay_seconds": policy.delay.total_seconds(),
        "reissue": policy.reissue,
        "automatic": policy.automatic,
    }


def _limit(limit: RateLimit | None) -> JsonValue:
    return None if limit is None else {"profile": limit.profile, "requests": limit.requests}
