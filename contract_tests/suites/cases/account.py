"""Rows of the core table for payment retries, the customer's own record and the session, specific to each operation."""

from __future__ import annotations

from contract_tests.suites.cases.rows import INVALID, REFUSED, Row
from polar_contract.json_types import JsonObject, JsonValue

_CONFIRM = "customer_portal:orders:confirm_retry_payment"
_UPDATE = "customer_portal:customers:update"
_NOT_RETRIABLE = "OrderNotEligibleForRetry"
_NO_RESET: JsonObject = {
    "type": "missing",
    "loc": ["body", "billing_address"],
    "msg": "Customer billing address cannot be reset to null once set.",
    "input": None,
}


def account_rows() -> list[Row]:
    """All rows about payment retries, and about the customer of a session."""
    return [*_payments(), *_own_record(), *_own_tax_number(), *_sessions()]


def _payments() -> list[Row]:
    token: JsonObject = {"confirmation_token_id": "ctoken_succeeded"}
    declined: JsonObject = {"confirmation_token_id": "ctoken_declined"}
    saved: JsonObject = {"payment_method_id": "3fa85f64-5717-4562-b3fc-2c963f66afa6"}
    return [
        Row(_CONFIRM, "a paid order", 422, _NOT_RETRIABLE, on="order:paid", body=token),
        Row(_CONFIRM, "a refunded order", 422, _NOT_RETRIABLE, on="order:refunded", body=token),
        Row(
            _CONFIRM,
            "a reading session",
            403,
            "insufficient_scope",
            who="reading_customer",
            on="order:retried",
            body=token,
        ),
        Row(_CONFIRM, "a void order", 422, _NOT_RETRIABLE, on="order:void", body=token),
        Row(_CONFIRM, "a paid order comes before another's card", 422, _NOT_RETRIABLE, on="order:paid", body=saved),
        Row(_CONFIRM, "without a subscription", 422, _NOT_RETRIABLE, on="order:unpaid", body=token),
        Row(_CONFIRM, "paid, although an attempt is due", 422, _NOT_RETRIABLE, on="order:paid_in_dunning", body=token),
        Row(_CONFIRM, "an attempt is due, no subscription", 422, _NOT_RETRIABLE, on="order:dunning_alone", body=token),
        Row(_CONFIRM, "a subscription, no attempt is due", 422, _NOT_RETRIABLE, on="order:given_up", body=token),
        Row(_CONFIRM, "no way to pay", 422, INVALID, on="order:retried", body={}),
        Row(_CONFIRM, "two ways to pay", 422, INVALID, on="order:retried", body={**token, **saved}),
        Row(
            _CONFIRM, "an unknown processor", 422, INVALID, on="order:retried", body={**token, "payment_processor": "x"}
        ),
        Row(_CONFIRM, "another's card", 422, "PaymentRetryValidationError", on="order:retried", body=saved),
        Row(
            _CONFIRM, "a declined card is an answer", 200, on="order:retried", body=declined, shows={"status": "failed"}
        ),
        Row(
            _CONFIRM,
            "a card that asks its owner",
            200,
            on="order:retried",
            body={"confirmation_token_id": "ctoken_requires_action"},
            shows={"status": "requires_action", "error": None},
        ),
        Row(_CONFIRM, "a good card", 200, on="order:retried", body=token, shows={"status": "succeeded", "error": None}),
        Row(_CONFIRM, "a second payment meanwhile", 409, "PaymentAlreadyInProgress", on="order:retried", body=token),
        *(Row(_CONFIRM, f"declined {n} times", 200, on="order:tried_often", body=declined) for n in range(1, 6)),
        Row(
            _CONFIRM,
            "more retries than allowed",
            429,
            "ManualRetryLimitExceeded",
            on="order:tried_often",
            body=declined,
        ),
    ]


def _own_record() -> list[Row]:
    get, update = "customer_portal:customers:get", _UPDATE
    who = "spare_customer"
    return [
        Row(
            get, "the caller's own record", 200, shows={"id": "{customer:main}"}, in_world={"email": "ada@example.com"}
        ),
        Row(get, "a member of any role", 200, who="member_plain"),
        Row(get, "a token without the scope", 403, "insufficient_scope", who="scopeless_customer"),
        Row(update, "an empty body object", 200, who=who, body={}),
        Row(update, "a reading session", 403, "insufficient_scope", who="reading_customer", body={}),
        *_own_name(),
        Row(
            update,
            "a tax number without a country",
            422,
            REFUSED,
            who=who,
            body={"tax_id": "FR61954506077"},
            shows={"detail": [{**_NO_RESET, "msg": "Country is required to validate tax ID."}]},
        ),
        Row(update, "no tax number without a country", 200, who=who, body={"tax_id": None}, shows={"tax_id": None}),
        Row(
            update,
            "an address to null where there is none",
            422,
            REFUSED,
            who=who,
            body={"billing_address": None, "billing_name": "Not Stored"},
            shows={"detail": [_NO_RESET]},
        ),
        Row(
            update,
            "an address",
            200,
            who=who,
            body={"billing_address": {"country": "FR", "city": "Lyon"}},
            shows={"billing_name": "Spare Ltd", "billing_address": {"country": "FR", "city": "Lyon"}},
        ),
        Row(
            update,
            "the address to null",
            422,
            REFUSED,
            who=who,
            body={"billing_address": None},
            shows={"detail": [_NO_RESET]},
        ),
        Row(
            update,
            "the address is replaced, not merged",
            200,
            who=who,
            body={"billing_address": {"country": "FR", "line1": "3 Rue Vieille"}},
            shows={"billing_address": {"country": "FR", "line1": "3 Rue Vieille", "city": None}},
        ),
        Row(update, "an unknown country", 422, INVALID, who=who, body={"billing_address": {"country": "XX"}}),
    ]


def _own_name() -> list[Row]:
    """A blank name counts as null, and null keeps the name, set or not. Source: observed on the service, April 2026."""
    cases: list[tuple[str, JsonValue, str]] = [
        ("the name to null where none is set", None, "Spare Example"),
        ("the name for billing", "Spare", "Spare"),
        ("a name with blanks around it", "  Spare Ltd ", "Spare Ltd"),
        ("the name to null", None, "Spare Ltd"),
        ("an empty name", "", "Spare Ltd"),
        ("a blank name", "  ", "Spare Ltd"),
    ]
    return [
        Row(_UPDATE, says, 200, who="spare_customer", body={"billing_name": sent}, shows={"billing_name": shown})
        for says, sent, shown in cases
    ]


def _own_tax_number() -> list[Row]:
    """Rows about the tax id, in the country that the earlier rows have set."""
    update, who = _UPDATE, "spare_customer"
    return [
        Row(update, "a tax number that fits no country", 422, REFUSED, who=who, body={"tax_id": "nonsense"}),
        Row(
            update,
            "a tax number",
            200,
            who=who,
            body={"tax_id": "FR61954506077"},
            shows={"tax_id": ["FR61954506077", "eu_vat"]},
        ),
        Row(
            update,
            "the tax number stays where nothing is said of it",
            200,
            who=who,
            body={"name": "Spare Example"},
            shows={"tax_id": ["FR61954506077", "eu_vat"]},
        ),
        *(
            Row(
                update,
                f"{says} leaves the one that is there",
                200,
                who=who,
                body={"tax_id": sent},
                shows={"tax_id": ["FR61954506077", "eu_vat"]},
            )
            for says, sent in (
                ("an empty tax number", ""),
                ("a blank tax number", "  "),
                ("a tax number of null", None),
            )
        ),
        Row(
            update,
            "a country that does not know the tax number",
            422,
            REFUSED,
            who=who,
            body={"billing_address": {"country": "US"}},
            shows={"detail": [{"type": "invalid", "loc": ["body", "tax_id"], "msg": "Invalid tax ID.", "input": None}]},
        ),
    ]


def _sessions() -> list[Row]:
    introspect = "customer_portal:customer-session:introspect"
    user = "customer_portal:customer-session:get_authenticated_user"
    return [
        Row(introspect, "a customer's session", 200),
        Row(introspect, "a session without a return URL", 200, who="spare_customer", shows={"return_url": None}),
        Row(introspect, "a member's session", 200, who="member_plain"),
        Row(introspect, "a token without the scope", 403, "insufficient_scope", who="scopeless_customer"),
        Row(user, "a customer", 200, shows={"type": "customer", "customer_id": "{customer:main}", "member_id": None}),
        *(
            Row(
                user,
                f"a member who is {role}",
                200,
                who=f"member_{name}",
                shows={
                    "type": "member",
                    "role": role,
                    "member_id": f"{{member:{name}}}",
                },
                in_world={"email": f"{name}@example.com"},
            )
            for name, role in (("owner", "owner"), ("billing", "billing_manager"), ("plain", "member"))
        ),
        Row(user, "a team without an address of its own", 422, REFUSED, who="team_customer"),
        Row(user, "a token without the scope", 403, "insufficient_scope", who="scopeless_customer"),
    ]
