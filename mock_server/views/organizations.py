"""The organization as a portal order's product shows it."""

from __future__ import annotations

from collections.abc import Collection

from mock_server.domain.organizations import Organization
from mock_server.views.basics import leave_out, write_time, write_time_or_null
from polar_contract.behaviour import Behaviour, OrganizationRules
from polar_contract.json_types import JsonObject


def organization_json(organization: Organization, rules: Behaviour) -> JsonObject:
    """CustomerOrganization, with the legacy fields that the service sends but does not publish."""
    left_out = rules.response.left_out_fields
    shape: JsonObject = {
        "created_at": write_time(organization.created_at),
        "modified_at": write_time_or_null(organization.modified_at),
        "id": organization.id,
        "name": organization.name,
        "slug": organization.slug,
        "avatar_url": None,
        "proration_behavior": "prorate",
        "allow_customer_updates": True,
        **_legacy_fields(organization, rules.organization),
        "customer_portal_settings": {
            "usage": {"show": True},
            "subscription": {"update_seats": True, "update_plan": True},
            "customer": {"allow_email_change": False},
        },
        "organization_features": leave_out(
            {"member_model_enabled": organization.member_model, "checkout_localization_enabled": False},
            "CustomerOrganizationFeatureSettings",
            left_out,
        ),
    }
    return leave_out(shape, "CustomerOrganization", left_out)


def _legacy_fields(organization: Organization, rules: OrganizationRules) -> JsonObject:
    return {
        "bio": None,
        "company": None,
        "blog": None,
        "location": None,
        "twitter_username": None,
        "pledge_minimum_amount": 0,
        "pledge_badge_show_amount": False,
        "default_upfront_split_to_contributors": None,
        "email": organization.email,
        "website": organization.website,
        "socials": [],
        "status": "active",
        "details_submitted_at": None,
        "feature_settings": _feature_settings(organization, rules.feature_settings),
        "subscription_settings": {
            "allow_multiple_subscriptions": False,
            "proration_behavior": "prorate",
            "benefit_revocation_grace_period": 0,
            "prevent_trial_abuse": False,
            "allow_customer_updates": True,
        },
        "notification_settings": {"new_order": True, "new_subscription": True},
        "customer_email_settings": dict.fromkeys(rules.email_settings, True),
    }


def _feature_settings(organization: Organization, names: Collection[str]) -> JsonObject:
    known: JsonObject = {
        "seat_based_pricing_enabled": organization.member_model,
        "member_model_enabled": organization.member_model,
        "off_session_charges_enabled": organization.off_session_charges,
        "overview_metrics": None,
    }
    return {name: known.get(name, False) for name in names}
