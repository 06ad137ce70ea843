"""The properties of an operation: its route, its callers, whether it reads a body."""

from __future__ import annotations

import pytest

from polar_contract import Contract
from polar_contract.json_types import as_object
from tests.mock_server.contract.requests import Operations

READ = frozenset({"customer_portal:read", "customer_portal:write"})
WRITE = frozenset({"customer_portal:write"})


class GivenTheContract:
    def test_then_its_operations_are_read_in_its_order(self, contract: Contract, operations: Operations) -> None:
        paths = as_object(contract.resolved["paths"])
        written = [(method.upper(), path) for path, item in paths.items() for method in as_object(item)]

        assert [(operation.method, operation.template) for operation in operations.values()] == written

    def test_then_only_operations_that_declare_a_body_read_one(self, operations: Operations) -> None:
        assert {name for name, operation in operations.items() if operation.has_body} == {
            "customer_portal:orders:update",
            "customer_portal:orders:confirm_retry_payment",
            "customer_portal:customers:update",
            "customer-sessions:create",
            "member-sessions:create",
            "orders:update",
            "webhooks:create_webhook_endpoint",
            "webhooks:update_webhook_endpoint",
        }

    @pytest.mark.parametrize(
        ("name", "scheme", "scopes"),
        [
            ("customer_portal:orders:get", "customer_session", READ),
            ("customer_portal:orders:get", "member_session", READ),
            ("customer_portal:orders:get", "access_token", None),
            ("customer_portal:orders:generate_invoice", "member_session", READ),
            ("customer_portal:orders:update", "customer_session", WRITE),
            ("orders:generate_invoice", "access_token", frozenset({"orders:read"})),
            ("orders:update", "access_token", frozenset({"orders:write"})),
            ("orders:update", "customer_session", None),
            ("orders:update", "no such scheme", None),
            ("webhooks:get_webhook_endpoint", "access_token", frozenset({"webhooks:read", "webhooks:write"})),
        ],
    )
    def test_when_asked_for_a_scheme_then_it_gives_the_scopes_of_that_alternative(
        self, operations: Operations, name: str, scheme: str, scopes: frozenset[str] | None
    ) -> None:
        assert operations[name].accepts(scheme) == scopes
