"""`polar-contract compat`: what of recorded requests and answers another revision breaks, and what is said of it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contract_tests.cli import main

_JSON = {"content-type": "application/json"}
_PORTAL, _ORDERS = "/v1/customer-portal/orders", "/v1/orders"
_ENDPOINTS = "/v1/webhooks/endpoints"
_ADDRESS = {"country": "FR"}
_BILLED = {"customer": "main", "billing_name": "Jane", "billing_address": _ADDRESS}
_WORLD = {
    "customers": {"main": {}},
    "tokens": {
        "customer": {"kind": "customer_session", "customer": "main"},
        "organization": {"kind": "organization_access_token"},
    },
    "orders": {
        "paid": {**_BILLED, "status": "paid"},
        "pending": {**_BILLED, "status": "pending"},
        "nameless": {**_BILLED, "status": "pending", "billing_name": None},
        "void": {**_BILLED, "status": "void"},
    },
}
_TOKEN = "polar_oat_" + "Zx9" * 14 + "q"
_SECRET = "s" * 20 + "Tell-nobody" + "s" * 20


def _step(method: str, path: str, status: int, answer: Any, *, token: str = "organization", body: Any = None) -> Any:
    request = {"method": method, "path": path, "headers": {"Authorization": f"Bearer {{token:{token}}}"}}
    if body is not None:
        request |= {"body": body, "headers": {**request["headers"], "Content-Type": "application/json"}}  # type: ignore[dict-item]
    return {
        "do": "request",
        "name": f"{method} {path}",
        "request": request,
        "response": {"status": status, "headers": _JSON, "body": answer},
    }


def _error(name: str) -> Any:
    return {"error": name, "detail": f"Something about {_SECRET}."}


def _invoice(order: str, status: int, answer: Any, *, token: str = "organization") -> Any:
    root = _PORTAL if token == "customer" else _ORDERS
    return _step("POST", f"{root}/{{order:{order}}}/invoice", status, answer, token=token)


def _compat(folder: Path, *steps: Any, to: str = "2026-10", arguments: tuple[str, ...] = ()) -> Result:
    file = folder / "recording.json"
    file.write_text(json.dumps({"worlds": {"w": _WORLD}, "steps": list(steps)}), "utf-8")
    return CliRunner().invoke(main, ["compat", str(file), "--revision", to, *arguments])


_ENDPOINT = {"url": "https://example.com/hook", "format": "raw", "events": ["order.paid"]}
_FREE = {"amount_type": "free", "id": "{price:1}", "source": "catalog"}

_BREAKS = {
    "unpaid": (_invoice("pending", 422, _error("NotPaidOrder")), "was answered 422 NotPaidOrder; now 202"),
    "unpaid, portal": (
        _invoice("pending", 422, _error("NotPaidOrder"), token="customer"),
        "was answered 422 NotPaidOrder; now 202",
    ),
    "void": (
        _invoice("void", 422, _error("NotPaidOrder")),
        "was answered 422 NotPaidOrder; now 409 OrderNotEligibleForInvoice",
    ),
    "without billing": (
        _invoice("nameless", 422, _error("NotPaidOrder")),
        "was answered 422 NotPaidOrder; now 422 MissingInvoiceBillingDetails",
    ),
    "an operation": (
        _step("POST", "/v1/member-sessions/", 201, {}, body={"member_id": "{member:a}"}),
        "the operation is gone; it is answered like an unknown route",
    ),
    "a chosen secret": (
        _step("POST", _ENDPOINTS, 201, {}, body={**_ENDPOINT, "secret": _SECRET}),
        "the field /secret of the request is ignored, and a secret is generated",
    ),
    "a value": (
        _step("GET", f"{_PORTAL}/{{order:paid}}", 200, {"product": {"prices": [_FREE]}}, token="customer"),
        "answer 200 /product/prices/* had a value that is not possible any more",
    ),
}


class GivenARecordingOfTheFirstRevision:
    @pytest.mark.parametrize("case", _BREAKS)
    def test_when_something_that_it_did_breaks_then_it_says_so_and_ends_with_1(self, case: str, tmp_path: Path) -> None:
        step, sentence = _BREAKS[case]

        done = _compat(tmp_path, step)

        assert done.exit_code == 1, done.output
        lines = done.stdout.splitlines()
        assert lines[0] == "BREAKS"
        assert lines[2].strip().startswith(sentence)
        assert f"1 request, first in recording.json: {step['name']}" in done.stdout.replace("\n      ", " ")
        assert lines[-1].endswith("something breaks in 1.")

    @pytest.mark.parametrize(
        "step",
        [
            _invoice("paid", 202, None),
            _step("GET", f"{_ORDERS}/{{order:paid}}", 200, {"status": "paid", "invoice_number": "A-1"}),
            _step("GET", f"{_ORDERS}/{{order:nobody}}", 404, _error("ResourceNotFound")),
            _step("POST", _ENDPOINTS, 201, {}, body=_ENDPOINT),
            _step("GET", f"{_ORDERS}/?page=1&limit=10", 200, {"items": [], "pagination": {}}),
        ],
    )
    def test_when_everything_still_works_then_it_ends_with_0(self, step: Any, tmp_path: Path) -> None:
        done = _compat(tmp_path, step)

        assert done.exit_code == 0, done.output
        assert "BREAKS" not in done.stdout
        assert done.stdout.splitlines()[-1].startswith("1 file: 1 request of 0.1.0 judged by 2026-10")

    def test_when_an_answer_may_have_more_values_then_they_are_told_with_new_fields(self, tmp_path: Path) -> None:
        order = {"status": "paid", "invoice_number": "A-1"}
        done = _compat(tmp_path, *[_step("GET", f"{_ORDERS}/{{order:paid}}", 200, order)] * 3)

        assert done.exit_code == 0
        told = done.stdout.replace("\n    ", " ")
        assert "Order /invoice_number: text -> text or null" in told
        assert "orders:get: 3 requests" in told
        assert "Order /units" in told.partition("ADDED")[2]

    def test_when_an_earlier_answer_shows_the_order_then_it_counts(self, tmp_path: Path) -> None:
        new = {"do": "create", "kind": "orders", "world": "w", "key": "late", "doc": {**_BILLED, "status": "pending"}}
        done = _compat(tmp_path, new, _invoice("late", 422, _error("NotPaidOrder")))

        assert "was answered 422 NotPaidOrder; now 202" in done.stdout

    def test_when_an_answer_is_wrong_already_then_it_is_not_judged(self, tmp_path: Path) -> None:
        done = _compat(tmp_path, _invoice("paid", 409, _error("Strange")))

        assert done.exit_code == 0
        assert "NOT JUDGED" in done.stdout
        assert "409 Strange is no answer of 0.1.0 either" in done.stdout


class GivenARequestThatChoosesAVersion:
    @pytest.mark.parametrize(
        ("version", "code"),
        # 1999-13 is what a run sends to find out whether a service reads versions.
        [("2026-04", 0), ("2026-10", 0), ("", 0), ("1999-13", 0), ("2025-10", 1), ("latest-Zx9Zx9", 1)],
    )
    def test_when_that_is_not_served_then_it_breaks(self, version: str, code: int, tmp_path: Path) -> None:
        step = _step("GET", f"{_ORDERS}/{{order:paid}}", 200, {"status": "paid"})
        step["request"]["headers"]["Polar-Version"] = version

        done = _compat(tmp_path, step)

        assert done.exit_code == code
        assert ("is not served: a bare 404" in done.stdout) == (code == 1)
        assert "Zx9" not in done.stdout

    def test_when_it_was_refused_in_the_recording_then_nothing_breaks(self, tmp_path: Path) -> None:
        step = _step("GET", f"{_ORDERS}/{{order:paid}}", 404, {"detail": "Not Found"})
        step["request"]["headers"]["Polar-Version"] = "2025-10"

        assert _compat(tmp_path, step).exit_code == 0

    def test_when_it_is_removed_with_the_rotation_then_it_breaks(self, tmp_path: Path) -> None:
        step = _step("GET", f"{_ORDERS}/{{order:paid}}", 200, {"status": "paid"})
        step["request"]["headers"]["Polar-Version"] = "2026-04"

        done = _compat(tmp_path, step, to="2027-01", arguments=("--from", "2026-04"))

        assert done.exit_code == 1
        assert "the version 2026-04 is not served: a bare 404" in done.stdout


class GivenARecordingOfTheSecondRevision:
    def test_when_it_is_taken_for_the_first_one_then_the_right_option_is_told(self, tmp_path: Path) -> None:
        step = _step("GET", f"{_ORDERS}/{{order:paid}}", 200, {"status": "paid"})
        step["response"]["headers"] = {**_JSON, "polar-version": "2026-04"}

        taken, right = _compat(tmp_path, step), _compat(tmp_path, step, arguments=("--from", "2026-04"))

        assert "1 answer of 2026-04, and not of 0.1.0: use --from 2026-04 for these files." in taken.stdout
        assert "use --from" not in right.stdout

    def test_when_it_is_judged_by_the_next_one_then_only_a_chosen_secret_breaks(self, tmp_path: Path) -> None:
        chosen = _step("POST", _ENDPOINTS, 201, {}, body={**_ENDPOINT, "secret": _SECRET})
        order = _step("GET", f"{_ORDERS}/{{order:paid}}", 200, {"status": "paid"})
        done = _compat(tmp_path, chosen, order, arguments=("--from", "2026-04"))

        assert done.exit_code == 1
        assert "the field /secret of the request is ignored" in done.stdout
        assert "api_version of the request" in done.stdout
        assert "orders:get" not in done.stdout


def _entry(order: str, status: int, answer: Any) -> Any:
    headers = [{"name": "Authorization", "value": f"Bearer {_TOKEN}"}]
    return {
        "request": {"method": "POST", "url": f"https://api.example{_ORDERS}/{order}/invoice", "headers": headers},
        "response": {
            "status": status,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"text": json.dumps(answer)},
        },
    }


class GivenAHar:
    def test_when_an_order_was_never_seen_then_every_possible_answer_is_told_and_no_token(self, tmp_path: Path) -> None:
        entry = _entry("ed12e160-a4cf-4c9b-9fdb-a2631871aa88", 422, _error("NotPaidOrder"))
        har = tmp_path / f"{_TOKEN}.har"
        har.write_text(json.dumps({"log": {"entries": [entry]}}), "utf-8")
        zipped = tmp_path / "app.har.zip"
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.write(har, "app.har")

        for file in (har, zipped):
            done = CliRunner().invoke(main, ["compat", str(file), "--revision", "2026-10"])

            assert done.exit_code == 1, done.output
            told = done.stdout.replace("\n    ", " ")
            assert "now 409 OrderNotEligibleForInvoice or 422 MissingInvoiceBillingDetails or 202" in told
            assert _TOKEN not in done.output
            assert _SECRET not in done.output

    def test_when_an_error_imitates_our_output_then_it_is_not_shown(self, tmp_path: Path) -> None:
        entry = _entry(
            "ed12e160-a4cf-4c9b-9fdb-a2631871aa88", 422, {"error": "X\n\x1b[31m::error::forged", "detail": ""}
        )
        har = tmp_path / "app.har"
        har.write_text(json.dumps({"log": {"entries": [entry]}}), "utf-8")

        done = CliRunner().invoke(main, ["compat", str(har), "--revision", "2026-10"])

        assert "forged" not in done.output
        assert "422 is no answer of 0.1.0 either" in done.stdout


class GivenBadInput:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (None, "can't be read: No such file"),
            ("", "not valid JSON"),
            ("[]", "not a HAR document"),
            ('{"log": {}}', "`log.entries` of a HAR document is missing"),
            ('{"openapi": "3.1.0"}', "not a HAR document"),
            (
                '{"steps": [{"do": "request", "request": {"method": "GET", "path": "\\ud800"}, "response": {"status": 200}}]}',
                "an exchange can't be read",
            ),
        ],
    )
    def test_when_it_is_judged_then_one_sentence_says_why_not(
        self, content: str | None, message: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "app.har"
        if content is not None:
            file.write_text(content, "utf-8")

        done = CliRunner().invoke(main, ["compat", str(file), "--revision", "2026-10"])

        assert done.exit_code == 2, done.output
        assert message in done.stderr
        assert len(done.stderr.splitlines()) == 1

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--revision", "2026-11"), "did you mean 2026-10? known revisions: 0.1.0, 2026-04, 2026-10, 2027-01"),
            (("--revision", "2026-10", "--from", "0.2.0"), "did you mean 0.1.0?"),
            (("--revision", "0.1.0"), "--from and --revision are both 0.1.0"),
        ],
    )
    def test_when_a_revision_is_wrong_then_one_sentence_says_so(
        self, arguments: tuple[str, ...], message: str, tmp_path: Path
    ) -> None:
        done = CliRunner().invoke(main, ["compat", str(tmp_path), *arguments])

        assert done.exit_code == 2
        assert message in done.stderr

    def test_when_nothing_belongs_to_the_contract_then_it_ends_with_2(self, tmp_path: Path) -> None:
        done = _compat(tmp_path, _step("GET", "/v1/refunds/", 200, {}))

        assert done.exit_code == 2
        assert "nothing could be judged" in done.stderr
