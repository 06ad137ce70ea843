"""A webhook endpoint in a document: read it, build it into a world, and write it back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from mock_server.delivery.addresses import AddressBroken, read_webhook_address
from mock_server.delivery.signing import has_standard_form
from mock_server.documents.errors import DocumentInvalid, Problem, shown
from mock_server.documents.event_types import unknown_event_type
from mock_server.documents.fields import Fields
from mock_server.documents.identities import Identities
from mock_server.documents.schema import EndpointDocument
from mock_server.domain.event_types import EVENT_TYPES
from mock_server.domain.policies import VersionPolicy
from mock_server.domain.webhooks import Secret, WebhookEndpoint, WebhookFormat, new_secret
from mock_server.views.basics import write_time, write_time_or_null
from polar_contract.behaviour import WebhookRules
from polar_contract.json_types import JsonObject

ENDPOINT_KEYS = (
    *("id", "url", "name", "format", "events", "secret", "signature", "api_version"),
    *("enabled", "created_at", "modified_at"),
)
CHANGEABLE_OF_ENDPOINT = ("url", "name", "format", "events", "secret", "signature", "api_version", "enabled")


class Signature(StrEnum):
    """How an endpoint's secret signs; left out, its form decides."""

    LEGACY = "legacy"
    STANDARD = "standard"


def read_endpoint(fields: Fields) -> EndpointDocument:
    return EndpointDocument(
        id=fields.uuid("id"),
        url=_read_url(fields),
        name=fields.text("name"),
        format=fields.choice("format", WebhookFormat) or WebhookFormat.RAW,
        events=_read_events(fields),
        secret=fields.text("secret"),
        signature=fields.choice("signature", Signature),
        api_version=fields.text("api_version"),
        enabled=fields.flag("enabled", default=True),
        created_at=fields.time("created_at"),
        modified_at=fields.time("modified_at"),
    )


def _read_url(fields: Fields) -> str:
    url = fields.text("url")
    if url is None and fields.raw("url") is None:
        fields.complain_missing("url", "it has to start with http:// or https://")
    elif url is not None:
        try:
            read_webhook_address(url)
        except AddressBroken as broken:
            fields.complain("url", f"is {shown(url)}; it {broken}")
    return url or ""


def _read_events(fields: Fields) -> tuple[str, ...]:
    events = fields.texts("events") or ()
    for index, event in enumerate(events):
        if event not in EVENT_TYPES:
            fields.complain(f"events.{index}", unknown_event_type(event))
    return events


def build_endpoint(
    document: EndpointDocument,
    *,
    path: str,
    identities: Identities,
    now: datetime,
    rules: WebhookRules,
    versions: VersionPolicy,
) -> WebhookEndpoint:
    """Build the endpoint that a document describes, in a world with these rules and versions.

    A generated secret has the form of the day on which the endpoint was made. Errors: NameTaken, DocumentInvalid.
    """
    require_served(document.api_version, versions, path=f"{path}api_version")
    given = given_secret(document, rules, path=f"{path}signature")
    return WebhookEndpoint(
        id=identities.id(document.id, f"{path}id"),
        created_at=document.created_at or now,
        modified_at=document.modified_at,
        url=document.url,
        name=document.name,
        format=document.format,
        secret=given or new_secret(rules, identities.secrets_at(f"{path}secret"), document.created_at or now),
        events=document.events,
        enabled=document.enabled,
        api_version=document.api_version or versions.current_or_none,
    )


def given_secret(document: EndpointDocument, rules: WebhookRules, *, path: str) -> Secret | None:
    """The secret of the document. One without `signature` signs as its form says. Errors: DocumentInvalid."""
    text, signature = document.secret, document.signature
    if signature is Signature.STANDARD and (rules.standard_signing_since is None or not has_standard_form(text or "")):
        why = "needs a secret of the form whsec_ and 44 characters of base64"
        if rules.standard_signing_since is None:
            why = "needs a revision that signs this way; take a later one"
        raise DocumentInvalid((Problem(path, f"is {shown(signature)}, which {why}"),))
    if text is None:
        return None
    is_standard = rules.standard_signing_since is not None and has_standard_form(text)
    return Secret(text, is_standard=is_standard and signature is not Signature.LEGACY)


def require_served(api_version: str | None, versions: VersionPolicy, *, path: str) -> None:
    """Errors: DocumentInvalid for a version that the world's service does not serve."""
    served = versions.served or ()
    if api_version is not None and api_version not in served:
        which = f"served are: {', '.join(served)}" if served else "the world's revision has no versions"
        raise DocumentInvalid((Problem(path, f"is {shown(api_version)}; {which}"),))


def write_endpoint(endpoint: WebhookEndpoint) -> JsonObject:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "name": endpoint.name,
        "format": endpoint.format,
        "events": list(endpoint.events),
        "secret": endpoint.secret.text,
        **_write_versioned(endpoint),
        "enabled": endpoint.enabled,
        "created_at": write_time(endpoint.created_at),
        "modified_at": write_time_or_null(endpoint.modified_at),
    }


def _write_versioned(endpoint: WebhookEndpoint) -> JsonObject:
    """Nothing for an endpoint of a world without versions."""
    if endpoint.api_version is None:
        return {}
    signature = Signature.STANDARD if endpoint.secret.is_standard else Signature.LEGACY
    return {"signature": signature, "api_version": endpoint.api_version}
