"""Allowed requests are sent once and undone; the known defects of the service of April 2026 are found, and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from contract_tests.checks.rules import Rule
from contract_tests.config.gaps import Remedy
from mock_server.testing import RunningMock
from mutants.proxy import Answer, Forward, HangUp, Request
from polar_contract.json_types import as_list, as_object
from tests.contract_tests.interrupting import by_ctrl_c, interrupted
from tests.contract_tests.running import RunResult, run_contract
from tests.contract_tests.services import april, quick_world, without_control_api
from tests.contract_tests.suites.live.accounts import account

FAILS = Rule.NO_FAILURE
LISTS = {
    "customer_portal:orders:list",
    "orders:list",
    "webhooks:list_webhook_endpoints",
    "webhooks:list_webhook_deliveries",
}
UPDATES = {"customer_portal:orders:update", "orders:update"}
ALL = ("--allow-writes", "--follow-downloads", "--documented-guarantees")


def _reasons(result: RunResult) -> str:
    """The reasons for skipped checks in the summary; the terminal groups them by what would make them run."""
    return json.dumps(result.summary["not_checked"])


class GivenTheServiceOfApril:
    def test_when_all_is_allowed_then_its_failures_and_the_broken_guarantee_are_found_and_nothing_else(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        orders = ("for_portal_invoice", "invoiced", "paid", "paid", "unpaid", "no_billing")
        with account(good_mock, tmp_path, april, reissue="as-served") as live:
            before = live.order("paid")
            result = live.run_contract("--allow-writes", "--max-examples", "1", *live.allow(*orders))
            after = live.order("paid")
        assert result.exit_code == 1, result.output
        guarantee = (Rule.PERMANENT, "customer_portal:orders:generate_invoice")
        assert set(result.findings()) == {*((FAILS, one) for one in LISTS | UPDATES), guarantee}
        assert "reported, not counted" in result.output
        assert [after[part] for part in ("billing_name", "billing_address")] == [
            before[part] for part in ("billing_name", "billing_address")
        ]
        asked = Counter(f"/v1/customer-portal/orders/{live.world.ids[f'order:{name}']}/invoice" for name in orders)
        assert live.sent("POST") == asked

    @pytest.mark.parametrize(("more", "exit_code"), [((), 0), (("--promises",), 1)])
    def test_when_only_the_guarantee_is_broken_then_it_counts_when_asked_for(
        self, good_mock: RunningMock, tmp_path: Path, more: tuple[str, ...], exit_code: int
    ) -> None:
        with account(good_mock, tmp_path, without_control_api, reissue="as-served") as live:
            result = live.run_contract("--only", "scenarios", *live.allow("invoiced"), *more)
        assert result.exit_code == exit_code, result.output
        assert [rule for rule, _ in result.findings()] == [Rule.PERMANENT]


class GivenAServiceThatKeepsTheContract:
    def test_when_the_token_has_few_scopes_then_what_it_may_not_do_is_not_checked(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        with account(good_mock, tmp_path, without_control_api) as live:
            token = live.world.tokens["orders_reader"]
            arguments = ("--base-url", live.base_url, "--max-examples", "1")
            result = run_contract(tmp_path, *arguments, environment={"POLAR_ORGANIZATION_TOKEN": token})
        assert result.exit_code == 0, result.output
        assert Remedy.SCOPES in result.output
        assert "the token lacks the scope" in _reasons(result)

    def test_when_sessions_and_requests_are_limited_then_no_more_are_sent_and_the_rest_is_not_checked(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        with account(good_mock, tmp_path, without_control_api) as live:
            result = live.run_contract("--no-session", "--max-requests", "40", kinds=("organization",))
        # Before that, one request finds out whether this is a mock.
        assert len([one for one in live.seen if not one.path.startswith("/_mock")]) == 40
        assert live.sent("POST") == {}
        assert {Remedy.LIMITS, Remedy.TOKENS} <= {remedy for remedy in Remedy if remedy in result.output}
        assert "--max-requests are used up" in _reasons(result)
        assert "POLAR_CUSTOMER_TOKEN" in _reasons(result)


class GivenAnInterruption:
    def test_when_it_comes_between_the_changes_then_the_order_is_put_back_and_the_run_says_so(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        changes: list[Request] = []

        def follows_change(request: Request) -> bool:
            if request.method == "PATCH" and b"billing_name" in request.body:
                changes.append(request)
            return request.method == "GET" and len(changes) == 1

        with quick_world(good_mock, reissue="as-documented") as world:
            token = f"organization={world.tokens['organization']}"
            arguments = ("--as-live", "--only", "scenarios", "--no-session", "--allow-writes", "--token", token)
            more = ("--requests-per-minute", "60000", "--reports", str(tmp_path))
            ended = interrupted(
                good_mock.base_url,
                lambda url: ("run", "--base-url", url, *arguments, *more),
                by_ctrl_c,
                after_answers=1,
                counted=follows_change,
            )
            shown = as_object(world.control.call("GET", f"/_mock/worlds/{world.id}"))
            events = json.dumps(world.control.call("GET", f"/_mock/worlds/{world.id}/deliveries"))
        said = re.search(r"The run was interrupted; order ([0-9a-f-]{36}) was put back; the results", ended.output)
        assert said is not None, ended.output
        assert ended.exit_code == 2
        assert "(judged)" not in json.dumps(shown["orders"])
        assert "(judged)" in events, "it was changed before"
        assert list(tmp_path.glob("restore-*")) == []


class GivenAServiceThatIsBroken:
    @pytest.mark.parametrize(
        ("fails_after", "exit_code", "change"),
        [(1, 1, {"billing_name"}), (2, 2, {"billing_name", "billing_address"})],
        ids=["the second change fails too", "only putting back fails"],
    )
    def test_when_an_order_cannot_be_put_back_then_nothing_else_is_changed_and_the_user_reads_how(
        self, good_mock: RunningMock, tmp_path: Path, fails_after: int, exit_code: int, change: set[str]
    ) -> None:
        """What follows the first changes fails, but for refusals. The request in the file then restores the order."""
        changes: Counter[str] = Counter()

        def layer(request: Request, forward: Forward) -> Answer:
            is_refused = b'{"country": "DE"}' in request.body or b'"US-CA"' in request.body
            if request.method == "PATCH" and b"billing" in request.body and not is_refused:
                changes[request.path] += 1
                if changes[request.path] > fails_after:
                    return Answer(500, {"content-type": "text/plain"}, b"Internal Server Error")
            return without_control_api(request, forward)

        with account(good_mock, tmp_path, layer) as live:
            result = live.run_contract("--only", "scenarios", "--allow-writes")
            assert len(live.sent("PATCH")) == 1
            order = next(iter(changes)).rpartition("/")[2]
            name = next(name for name, one in live.world.ids.items() if one == order).removeprefix("order:")
            (file,) = tmp_path.glob("restore-*")
            request = file.read_text("utf-8").splitlines()[-1]
            sent = len(live.seen)
            again = live.run_contract("--only", "scenarios", "--allow-writes")
            assert len(live.seen) == sent
            kept = file.read_text("utf-8")
            changed = live.order(name)
            target = request.replace(live.base_url, good_mock.base_url)
            token = {"POLAR_CUSTOMER_TOKEN": live.world.tokens["customer"], "PATH": os.environ["PATH"]}
            subprocess.run(["bash", "-c", f"{target} --fail --silent --output {os.devnull}"], check=True, env=token)
            restored = live.order(name)
        assert result.exit_code == exit_code, result.output
        assert f"order {order} could not be put back, so nothing more was sent" in result.output
        assert request in result.output
        assert f"Order {order}: it is not as it was before; {file} has the request" in result.output
        assert (again.exit_code, again.last_line.partition(":")[0]) == (2, "Nothing was sent"), again.output
        assert str(file) in again.last_line
        assert request in kept
        assert {part for part in ("billing_name", "billing_address") if changed[part] != restored[part]} == change
        assert "(judged)" not in json.dumps(restored)

    def test_when_a_change_takes_effect_after_its_connection_ended_then_it_is_put_back_too(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        """The first change gets no answer, and takes effect only after the run has looked at the order."""
        late: list[Request] = []
        done: list[Answer] = []

        def layer(request: Request, forward: Forward) -> Answer:
            if request.method == "PATCH" and b"(judged)" in request.body and not late:
                late.append(request)
                raise HangUp
            answer = without_control_api(request, forward)
            if late and not done and request.method == "GET" and request.path == late[0].path:
                done.append(forward(late[0]))
            return answer

        with account(good_mock, tmp_path, layer) as live:
            result = live.run_contract("--only", "scenarios", "--allow-writes", kinds=("customer",))
            orders = json.dumps(live.world.control.call("GET", f"/_mock/worlds/{live.world.id}"))
        assert [answer.status for answer in done] == [200]
        assert "(judged)" not in orders
        assert list(tmp_path.glob("restore-*")) == []
        assert result.exit_code == 1, result.output

    def test_when_country_can_be_changed_then_it_is_found_and_put_back(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        """The target accepts and stores a country other than the order's."""
        stored: dict[str, bytes] = {}

        def layer(request: Request, forward: Forward) -> Answer:
            if request.method == "PATCH" and b'"country": "DE"' in request.body:
                shown = json.loads(without_control_api(_as_get(request), forward).body)
                stored[request.path] = json.dumps({**shown, "billing_address": {"country": "DE"}}).encode()
            elif request.method == "PATCH":
                stored.pop(request.path, None)
            if request.path in stored:
                return Answer(200, {"content-type": "application/json"}, stored[request.path])
            return without_control_api(request, forward)

        with account(good_mock, tmp_path, layer) as live:
            result = live.run_contract("--only", "scenarios", "--allow-writes", kinds=("customer",))
        assert result.exit_code == 1, result.output
        assert "expected   422 PolarRequestValidationError" in result.output
        assert stored == {}

    def test_when_an_invoice_never_comes_then_a_guarantee_is_broken(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        def layer(request: Request, forward: Forward) -> Answer:
            answer = without_control_api(request, forward)
            hidden = answer.body.replace(b'"is_invoice_generated":true', b'"is_invoice_generated":false')
            return answer.but(body=hidden)

        with account(good_mock, tmp_path, layer) as live:
            arguments = ("--only", "scenarios", "--documented-guarantees", "--ready-within", "0.5")
            result = live.run_contract(*arguments, *live.allow("for_portal_invoice"))
        assert (Rule.READY_SOON, "customer_portal:orders:generate_invoice") in result.findings()
        assert result.exit_code == 1

    def test_when_the_download_is_no_pdf_then_it_is_found(self, good_mock: RunningMock, tmp_path: Path) -> None:
        """The first download is a page, and all others are forbidden."""
        answers = [Answer(200, {}, b"<html>"), Answer(403, {}, b"")]
        with account(good_mock, tmp_path, partial(_with_downloads, answers=answers)) as live:
            result = live.run_contract("--only", "scenarios", "--follow-downloads", *live.allow("invoiced"))
        found = [as_object(one) for one in as_list(result.summary["findings"])]
        assert {(one["rule_id"], one["got"]) for one in found} == {
            (Rule.LEADS_TO_PDF.id, got) for got in ("b'<html>'", "status 403")
        }
        downloads = [one for one in live.seen if "/files/" in one.path]
        assert downloads
        assert {one.token for one in downloads} == {None}


def _as_get(request: Request) -> Request:
    headers = {name: value for name, value in request.headers.items() if name != "content-type"}
    return Request("GET", request.path, {**headers, "content-length": "0"}, b"")


def _with_downloads(request: Request, forward: Forward, *, answers: list[Answer]) -> Answer:
    """The proxy itself serves invoices, under `/files/`; the last of the answers is given again and again."""
    if request.path.startswith("/files/"):
        return answers.pop(0) if len(answers) > 1 else answers[0]
    given = without_control_api(request, forward)
    if request.is_on("GET", "/invoice") and given.status == 200:
        signed = "X-Amz-Date=20260415T000000Z&X-Amz-Expires=600&X-Amz-Signature=0"
        return given.but(body=json.dumps({"url": f"http://{request.headers['host']}/files/1?{signed}"}).encode())
    return given
