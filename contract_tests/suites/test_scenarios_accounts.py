"""Scenarios for sessions and the customer's own record: sessions work until they expire, changes are saved. Mock server only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from contract_tests.checks.rules import Rule
from contract_tests.suites.scenario_dsl import Scenario
from contract_tests.transport.exchanges import Exchange
from polar_contract.json_types import JsonObject, JsonValue, as_object

_ORDERS, _ME = "customer_portal:orders:list", "customer_portal:customers:"
_INTROSPECT = "customer_portal:customer-session:introspect"
# Source: observed on the service, April 2026.
_SESSION_SECONDS = 3600.0
_AT_ONCE = 4
_RETURN_URL = "https://shop.example.com/account"


class GivenACustomer:
    def test_when_a_session_is_opened_then_it_shows_the_orders_until_it_ends(self, scenario: Scenario) -> None:
        made = _open_session(scenario)
        session = as_object(made.json())
        token = str(session.get("token"))
        scenario.context.case.redactor.learn(token, "<opened token>")
        if str(session.get("expires_at")) <= str(session.get("created_at")):
            scenario.fail(
                made,
                Rule.SESSION_WORKS,
                f"expires_at after {session.get('created_at')}",
                str(session.get("expires_at")),
            )
        link = f"/portal?customer_session_token={token}&email=ada%40example.com"
        if not str(session.get("customer_portal_url")).endswith(link):
            scenario.fail(
                made,
                Rule.SESSION_WORKS,
                "customer_portal_url with token and e-mail address",
                "customer_portal_url without them",
            )
        if session.get("return_url") != _RETURN_URL:
            scenario.fail(made, Rule.SESSION_WORKS, f"return_url is {_RETURN_URL}")
        _expect_orders(scenario, token, status=200)
        for _ in ("once", "again"):
            introspected = _portal(scenario, _INTROSPECT, token, status=200)
            for name in ("expires_at", "return_url"):
                if as_object(introspected.json()).get(name) != session.get(name):
                    scenario.fail(introspected, Rule.SESSION_WORKS, f"{name} is {session.get(name)}")
        scenario.world.advance(_SESSION_SECONDS + 1)
        _expect_orders(scenario, token, status=401)

    def test_when_two_sessions_are_opened_then_each_has_its_own_return_url(self, scenario: Scenario) -> None:
        urls = [f"{_RETURN_URL}/{number}" for number in (1, 2)]
        tokens = [str(as_object(_open_session(scenario, url).json()).get("token")) for url in urls]
        for number, (token, url) in enumerate(zip(tokens, urls, strict=True), start=1):
            scenario.context.case.redactor.learn(token, f"<opened token {number}>")
            introspected = _portal(scenario, _INTROSPECT, token, status=200)
            if as_object(introspected.json()).get("return_url") != url:
                scenario.fail(introspected, Rule.SESSION_WORKS, f"return_url is {url}")

    def test_when_sessions_are_opened_at_the_same_time_then_each_has_a_token_of_its_own(
        self, scenario: Scenario
    ) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            made = [one.result() for one in [pool.submit(_open_session, scenario) for _ in range(_AT_ONCE)]]
        tokens = {str(as_object(one.json()).get("token")) for one in made}
        for number, token in enumerate(tokens):
            scenario.context.case.redactor.learn(token, f"<token {number} of many>")
        if len(tokens) != _AT_ONCE:
            scenario.fail(
                made[-1], Rule.SESSION_WORKS, f"{_AT_ONCE} tokens for {_AT_ONCE} sessions", f"{len(tokens)} tokens"
            )

    def test_when_the_own_record_is_changed_then_it_shows_later(self, scenario: Scenario) -> None:
        token = scenario.fixtures.tokens["customer"]
        changes: JsonObject = {"billing_name": "Ada Recorded", "billing_address": {"country": "FR", "city": "Lyon"}}
        changed = _portal(scenario, _ME + "update", token, status=200, body=changes)
        shown = as_object(_portal(scenario, _ME + "get", token, status=200).json())
        wanted = as_object(changed.json())
        for name in changes:
            if shown.get(name) != wanted.get(name):
                scenario.fail(
                    changed, Rule.OWN_RECORD, f"{name} is {wanted.get(name)!r} later", f"{name} is {shown.get(name)!r}"
                )
        if shown.get("billing_name") != "Ada Recorded":
            scenario.fail(changed, Rule.OWN_RECORD, "billing_name is 'Ada Recorded'", f"{shown.get('billing_name')!r}")

    def test_when_the_own_record_is_changed_then_the_organization_sees_it_with_the_orders(
        self, scenario: Scenario
    ) -> None:
        changes: JsonObject = {"billing_name": "Ada Seen", "billing_address": {"country": "FR", "city": "Lyon"}}
        changed = _portal(scenario, _ME + "update", scenario.fixtures.tokens["customer"], status=200, body=changes)
        address = as_object(changed.json()).get("billing_address")
        scenario.expect_for_organization("paid", {"customer": {"billing_address": address}})

    def test_when_the_own_record_is_changed_then_orders_stay_as_they_were(self, scenario: Scenario) -> None:
        before = scenario.ask("get", "paid", status=200)
        _portal(
            scenario,
            _ME + "update",
            scenario.fixtures.tokens["customer"],
            status=200,
            body={"billing_name": "Ada Later"},
        )
        billing = {name: as_object(before.json()).get(name) for name in ("billing_name", "billing_address")}
        scenario.ask("get", "paid", status=200, shows=billing)


def _open_session(scenario: Scenario, return_url: str = _RETURN_URL) -> Exchange:
    made = scenario.context.client.send(
        "customer-sessions:create",
        token=scenario.fixtures.token("organization"),
        body={"customer_id": scenario.fixtures.ids["customer:main"], "return_url": return_url},
    )
    return scenario.context.rules.check(made, status=201)


def _expect_orders(scenario: Scenario, token: str, *, status: int) -> None:
    listed = _portal(scenario, _ORDERS, token)
    if listed.status != status:
        scenario.fail(listed, Rule.SESSION_WORKS, f"{status} with the token of the session")


def _portal(
    scenario: Scenario, operation: str, token: str, *, status: int | None = None, body: JsonValue = None
) -> Exchange:
    answer = scenario.context.client.send(operation, token=token, body=body)
    return scenario.context.rules.check(answer, status=status) if status is not None else answer
