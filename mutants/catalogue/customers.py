"""Defects of the portal's own customer: null and blanks in changes, wrong places in refusals, wrong or missing webhook events."""

from __future__ import annotations

from collections.abc import Callable

from mutants.operators import Json, Mutant, asked, body_changed, changing, mutant, on, parsed
from mutants.proxy import Answer, Forward, Layer, Request
from mutants.webhook_proxy import Hook, Passing, between, event_changed

_ME = "/v1/customer-portal/customers/me"
_UPDATED = "customer.updated"


def _sent(name: str, fits: Callable[[Json], bool]) -> Callable[[Request, Answer], bool]:
    """Selects successful changes whose body has such a value."""

    def when(request: Request, answer: Answer) -> bool:
        body = parsed(request.body)
        return on("PATCH", _ME, 200)(request, answer) and isinstance(body, dict) and name in body and fits(body[name])

    return when


def _is_blank(value: Json) -> bool:
    return isinstance(value, str) and not value.strip()


def _shown(name: str, value: Json) -> Callable[[Answer], Answer]:
    return body_changed(lambda body: {**body, name: value})


def _as_sent(request: Request, forward: Forward) -> Answer:
    """Names are shown with leading and trailing blanks."""
    answer = forward(request)
    if not _sent("billing_name", lambda value: isinstance(value, str) and bool(value.strip()))(request, answer):
        return answer
    return _shown("billing_name", parsed(request.body)["billing_name"])(answer)


def _null_is_nothing(request: Request, forward: Forward) -> Answer:
    """A null address is ignored when the customer has no address."""
    body = parsed(request.body)
    if request.method == "PATCH" and request.path == _ME and isinstance(body, dict) and "billing_address" in body:
        before = forward(asked(request, "GET", _ME))
        if body["billing_address"] is None and before.status == 200 and parsed(before.body)["billing_address"] is None:
            return before
    return forward(request)


def _elsewhere(message: str, place: list[Json]) -> Layer:
    """The item with this message names another field."""

    def moved(body: Json) -> Json:
        return {**body, "detail": [{**one, "loc": place} if one["msg"] == message else one for one in body["detail"]]}

    return changing(on("PATCH", _ME, 422, "PolarRequestValidationError"), body_changed(moved))


def _unchecked_country(request: Request, forward: Forward) -> Answer:
    """A country that does not fit the tax number is accepted: the answer shows it instead of a refusal."""
    answer = forward(request)
    body = parsed(request.body)
    is_refused = on("PATCH", _ME, 422, "PolarRequestValidationError")(request, answer)
    if not is_refused or "tax_id" in body or not body.get("billing_address"):
        return answer
    before = forward(asked(request, "GET", _ME))
    return body_changed(lambda shown: {**shown, "billing_address": body["billing_address"]})(before)


def _of_customers(change: Callable[[Hook, Request], list[Request]]) -> Passing:
    """Changes events of customers; other events stay unchanged."""

    def passing(hook: Hook, request: Request) -> list[Request]:
        event = parsed(request.body)
        is_one = isinstance(event, dict) and event.get("type") == _UPDATED
        return change(hook, request) if is_one else [request]

    return passing


def _told(name: str, passing: Passing) -> Mutant:
    return Mutant(name, "webhook", between(passing))


def _data(change: Callable[[Json], Json]) -> Passing:
    return event_changed(lambda one: {**one, "data": change(one["data"])} if one["type"] == _UPDATED else one)


def _only_once(hook: Hook, request: Request) -> list[Request]:
    """Only the first change is sent as an event."""
    is_first = not hook.held
    hook.held.append(request)
    return [request] if is_first else []


CUSTOMERS: list[Mutant] = [
    mutant(
        "account",
        "null clears the name",
        changing(_sent("billing_name", lambda one: one is None), _shown("billing_name", None)),
    ),
    mutant(
        "account", "a blank name is stored", changing(_sent("billing_name", _is_blank), _shown("billing_name", "  "))
    ),
    mutant("account", "blanks around a name are kept", _as_sent),
    mutant(
        "account",
        "null clears the tax number",
        changing(_sent("tax_id", lambda one: one is None), _shown("tax_id", None)),
    ),
    mutant("account", "a blank tax number clears it", changing(_sent("tax_id", _is_blank), _shown("tax_id", None))),
    mutant("account", "an address of null is ignored where there is none", _null_is_nothing),
    mutant(
        "account",
        "a missing country is told at the tax number",
        _elsewhere("Country is required to validate tax ID.", ["body", "tax_id"]),
    ),
    mutant(
        "account",
        "a wrong tax number is told at the address",
        _elsewhere("Invalid tax ID.", ["body", "billing_address"]),
    ),
    mutant("account", "another country does not look at the tax number", _unchecked_country),
    _told("changes of customers are not told", _of_customers(lambda hook, one: [])),
    _told("changes of customers are told twice", _of_customers(lambda hook, one: [one, one])),
    _told("only the first change of a customer is told", _of_customers(_only_once)),
    _told(
        "changes of customers under another name",
        event_changed(lambda one: {**one, "type": "customer.changed"} if one["type"] == _UPDATED else one),
    ),
    _told(
        "a changed customer without its organization",
        _data(lambda one: {k: v for k, v in one.items() if k != "organization_id"}),
    ),
    _told(
        "a changed customer with its former address", _data(lambda one: {**one, "billing_address": {"country": "US"}})
    ),
    _told("a changed customer of another name", _data(lambda one: {**one, "name": "Eve Example"})),
    Mutant(
        "changes of customers are told to everybody",
        "webhook",
        between(world_seed=lambda endpoint: {**endpoint, "events": [*endpoint["events"], _UPDATED]}),
    ),
]
