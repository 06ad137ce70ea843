"""A run that cannot check its target ends with exit code 2 and one sentence, never with a traceback."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from contract_tests.config.settings import Settings
from contract_tests.runner.pytest_options import register_plugin
from contract_tests.targets.messages import unreachable
from mutants.proxy import Answer, Forward, Layer, Request, proxy
from polar_contract import Contract
from tests.contract_tests.opening import why_it_cannot_be_opened
from tests.contract_tests.running import RunResult, run_contract, run_with_pytest

_HTML = {"content-type": "text/html"}
_JSON = {"content-type": "application/json"}
_EMPTY_LIST = b'{"items":[],"pagination":{"total_count":0,"max_page":0}}'
_REFUSED = Answer(401, _JSON, b'{"error":"invalid_token"}')
_NO_IDS = Answer(200, _JSON, b'{"items":[{"id":"../\\ud800"}]}')
_TOKEN, _OTHER, _MEMBERS = (f"polar_{kind}_" + "Q7z" * 14 + "q" for kind in ("cst", "oat", "mst"))


def _answering(answer: Answer) -> Layer:
    def layer(request: Request, forward: Forward) -> Answer:
        return answer

    return layer


def _without_control_api(answer: Answer) -> Layer:
    def layer(request: Request, forward: Forward) -> Answer:
        return Answer(404, _JSON, b'{"detail":"Not Found"}') if request.path.startswith("/_mock") else answer

    return layer


def _expect_exit_2(result: RunResult, said: str) -> None:
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert "Traceback" not in result.output
    assert "INTERNALERROR" not in result.output


@contextmanager
def _silent_port(*, accepts: bool) -> Iterator[str]:
    """An address where no server listens, or where a server accepts connections and never responds."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        if accepts:
            held.listen(16)
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


class GivenAnUnusableTarget:
    def test_when_no_server_listens_then_it_is_reported(self, tmp_path: Path) -> None:
        with _silent_port(accepts=False) as url:
            _expect_exit_2(run_contract(tmp_path, "--base-url", url), "cannot be reached")

    def test_when_it_hangs_then_it_is_reported(self, tmp_path: Path) -> None:
        with _silent_port(accepts=True) as url:
            _expect_exit_2(run_contract(tmp_path, "--base-url", url, "--timeout", "0.3"), "did not answer in time")

    def test_when_its_json_is_nested_without_end_then_it_is_reported(self, tmp_path: Path) -> None:
        with proxy("", _answering(Answer(200, _JSON, b"[" * 100_000))) as server:
            _expect_exit_2(run_contract(tmp_path, "--base-url", server.base_url), "does not speak JSON")

    def test_when_it_does_not_speak_tls_then_it_is_reported(self, contract: Contract) -> None:
        with proxy("", _answering(Answer(200, _JSON, b"{}"))) as server:
            settings = Settings(base_url=server.base_url.replace("http:", "https:"))
            said = why_it_cannot_be_opened(contract, settings)
        assert "is it an http address?" in said

    def test_when_its_certificate_is_not_trusted_then_the_reason_is_reported(self) -> None:
        verification = (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1006)"
        )
        problem = requests.exceptions.SSLError(f"(Caused by SSLError(SSLCertVerificationError(1, '{verification}')))")
        said = unreachable("https://mock.example.com", problem)
        assert said.endswith("no certificate that can be trusted (TLS error: certificate has expired).")

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (Answer(200, _HTML, b"<!DOCTYPE html><title>Log in</title>"), "HTML page"),
            (Answer(502, _HTML, b"<html><h1>Bad gateway</h1></html>"), "HTML page"),
            (
                Answer(302, {"location": "https://elsewhere.example.com/login"}, b""),
                "redirects to https://elsewhere.example.com/login;",
            ),
            (Answer(302, {"location": "https://elsewhere.example.com/" + "x" * 5000}, b""), "xxx...; give the address"),
            (Answer(200, {"content-type": "text/plain"}, b"hello"), "does not speak JSON"),
        ],
        ids=["log-in page", "gateway", "redirect", "endless redirect", "text"],
    )
    def test_when_something_else_answers_then_it_is_reported_and_gets_no_token(
        self, contract: Contract, answer: Answer, said: str
    ) -> None:
        with proxy("", _answering(answer)) as server:
            settings = Settings(base_url=server.base_url, tokens={"customer": _TOKEN})
            assert said in why_it_cannot_be_opened(contract, settings)
            assert server.seen
            assert all(request.token is None for request in server.seen)

    def test_when_pytest_is_called_directly_then_the_exit_code_is_the_same(self, tmp_path: Path) -> None:
        with _silent_port(accepts=False) as url:
            _expect_exit_2(run_with_pytest(tmp_path, "--base-url", url), "cannot be reached")

    @pytest.mark.parametrize(
        ("option", "value", "said"),
        [
            ("base_url", "nowhere", "--base-url 'nowhere' is not an http or https address"),
            ("revision", "none", "There is no revision 'none' of the contract"),
        ],
    )
    def test_when_pytest_gets_an_option_that_is_wrong_then_it_ends_before_a_check(
        self, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config, option: str, value: str, said: str
    ) -> None:
        monkeypatch.setattr(pytestconfig.option, option, value)
        with pytest.raises(pytest.exit.Exception, match=f"^{said}") as ended:
            register_plugin(pytestconfig)
        assert ended.value.returncode == 2


class GivenALiveAccount:
    @pytest.mark.parametrize(
        ("answer", "tokens", "said"),
        [
            (_REFUSED, {"customer": _TOKEN}, "does not accept the customer token"),
            (_REFUSED, {"organization": _OTHER}, "or of another server?"),
            (_REFUSED, {"organization": _TOKEN}, "polar_cst_, so it is a cust"),
            (Answer(403, _JSON, b'{"error":"insufficient_scope"}'), {"customer": _OTHER}, "polar_oat_, so it is an org"),
            (Answer(403, _JSON, b'{"error":"NotPermitted"}'), {"member": _MEMBERS}, "may not list orders (403 NotPermitted)."),
            (Answer(200, _JSON, _EMPTY_LIST), {"customer": _TOKEN}, "no usable order"),
            (Answer(401, _JSON, b'{"error":"Unauthorized"}'), {}, "No token was given"),
            (Answer(500, _JSON, b"{}"), {"customer": _TOKEN}, "answers 500 without a list of orders"),
            (_NO_IDS, {"customer": _TOKEN}, "no usable order"),
            (Answer(429, {"retry-after": "0"}, b""), {"customer": _TOKEN}, "still answers 429"),
        ],
        ids=[
            *("refused token", "old token", "a customer's", "an organization's", "member without a role"),
            *("no order", "no token", "failing", "no ids", "rate limit"),
        ],
    )  # fmt: skip
    def test_when_it_has_nothing_to_check_then_it_is_reported(
        self, contract: Contract, answer: Answer, tokens: dict[str, str], said: str
    ) -> None:
        with proxy("", _without_control_api(answer)) as server:
            reported = why_it_cannot_be_opened(contract, Settings(base_url=server.base_url, tokens=tokens))
        assert said in reported
        assert not [token for token in tokens.values() if token in reported]

    @pytest.mark.parametrize(
        ("answer", "said"), [(_REFUSED, "does not accept the customer token"), (_NO_IDS, "no usable order")]
    )
    def test_when_it_is_tested_then_the_exit_code_is_2_and_no_token_is_printed(
        self, tmp_path: Path, answer: Answer, said: str
    ) -> None:
        with proxy("", _without_control_api(answer)) as server:
            result = run_contract(tmp_path, "--base-url", server.base_url, environment={"POLAR_CUSTOMER_TOKEN": _TOKEN})
        _expect_exit_2(result, said)
        assert _TOKEN not in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--base-url", "nonsense"], "not an http or https address"),
        (["--base-url", "https://api.polar.sh"], "is production"),
        (["--token", f"king={_TOKEN}"], "--token takes KIND=TOKEN"),
        (["--seed", "abc"], "--seed"),
        (["--max-examples", "0"], "--max-examples"),
        (["--no-such-option"], "--no-such-option"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) and "king" not in str(value) else None,
)
def test_when_an_argument_is_wrong_then_it_is_reported(tmp_path: Path, arguments: list[str], said: str) -> None:
    result = run_contract(tmp_path, *arguments)
    _expect_exit_2(result, said)
    assert _TOKEN not in result.output


@pytest.mark.parametrize("workers", ["1", "2"])
def test_when_reports_can_not_be_written_then_it_is_reported_before_anything_is_sent(
    tmp_path: Path, workers: str
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with proxy("", _answering(Answer(401, _JSON, b"{}"))) as server:
        result = run_contract(tmp_path / "file" / "reports", "--base-url", server.base_url, "--workers", workers)
        _expect_exit_2(result, "could not be written")
        assert not server.seen


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
class GivenAnOutputThatCannotBeWritten:
    @pytest.mark.parametrize("arguments", [["run", "--dry-run"], ["replay", "--help"]])
    def test_when_something_is_printed_then_the_exit_code_is_2(self, arguments: list[str]) -> None:
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "contract_tests", *arguments], stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
        assert b"could not be written" in done.stderr


class GivenAnUnknownRevision:
    def test_when_it_is_used_then_one_sentence_reports_it(self, tmp_path: Path) -> None:
        result = run_contract(tmp_path, "--revision", "9.9")
        _expect_exit_2(result, "There is no revision '9.9'")
        assert len(result.output.strip().splitlines()) == 1


def test_when_the_user_has_options_for_pytest_in_the_environment_then_they_are_for_their_own_tests(
    tmp_path: Path,
) -> None:
    options = {"PYTEST_ADDOPTS": "--color=yes -ra -n 2 --cov=app", "PYTEST_PLUGINS": "no_such_plugin"}

    with _silent_port(accepts=False) as address:
        done = run_contract(tmp_path, "--base-url", address, environment=options)

    _expect_exit_2(done, "cannot be reached")
