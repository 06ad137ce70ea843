"""Company networks: proxies and certificate authorities from the environment or an option, for every command."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner, Result

from contract_tests.cli import main
from contract_tests.config.credentials import Kind
from contract_tests.config.errors import CannotRun
from contract_tests.config.network import Route, usable_network
from contract_tests.targets.control_api import Control, World
from contract_tests.transport.timeouts import DeadlineSession
from mock_server.testing import RunningMock
from mutants.proxy import proxy
from tests.contract_tests.forward_proxy import ForwardProxy, forward_proxy
from tests.contract_tests.running import run_contract
from tests.contract_tests.services import without_control_api
from tests.contract_tests.tools.compare.comparing import run_compare

# A reserved name that resolves nowhere: RFC 6761.
_HOST = "sandbox.polar.test"
_PASSWORD = "pa55-w0rd-of-the-proxy"
_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_NONE: dict[str, str | None] = {
    **{one: None for name in _VARIABLES for one in (name, name.lower())},
    "REQUESTS_CA_BUNDLE": None,
    "SSL_CERT_FILE": None,
}


@dataclass(frozen=True, slots=True)
class Company:
    """An account that is reachable only through the company's proxy, and the certificate of the proxy that inspects traffic."""

    proxy: ForwardProxy
    authorities: Path
    account: World
    plain: ForwardProxy

    @property
    def proxy_url(self) -> str:
        return f"http://user:{_PASSWORD}@{self.proxy.address}"

    def tokens(self, side: str = "") -> dict[str, str]:
        kinds = (Kind.CUSTOMER, Kind.ORGANIZATION)
        return {f"POLAR_{side}{kind.upper()}_TOKEN": self.account.tokens[kind] for kind in kinds}


@pytest.fixture(scope="module")
def company(good_mock: RunningMock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    authority = trustme.CA()
    file = tmp_path_factory.mktemp("authorities") / "company.pem"
    authority.cert_pem.write_to_path(str(file))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(_HOST, "127.0.0.1").configure_cert(tls)
    world = Control(good_mock.base_url, lambda secret, name: None, 10.0).create_world("core", revision="0.1.0")
    with (
        proxy(good_mock.base_url, without_control_api, tls=tls) as account,
        forward_proxy(account.base_url, credentials=f"user:{_PASSWORD}") as secured,
        proxy(good_mock.base_url, without_control_api) as unsecured,
        forward_proxy(unsecured.base_url) as plain,
        pytest.MonkeyPatch.context() as patched,
    ):
        for reader in ("targets.open", "tools.capture.run"):
            patched.setattr(f"contract_tests.{reader}.LIVE_REQUESTS_PER_MINUTE", 60_000)
        yield Company(secured, file, world, plain)
    world.delete()


def _invoked(*arguments: str, environment: Mapping[str, str]) -> Result:
    return CliRunner().invoke(main, arguments, env={**_NONE, **environment})


class GivenATargetBehindACompanysProxy:
    def test_when_it_is_tested_then_every_report_names_the_proxy_without_the_password(
        self, company: Company, tmp_path: Path
    ) -> None:
        environment = {**company.tokens(), "HTTPS_PROXY": company.proxy_url}
        arguments = ("--base-url", f"https://{_HOST}", "--ca-bundle", str(company.authorities))
        limits = ("--requests-per-minute", "60000", "--only", "core", "--max-requests", "60")
        result = run_contract(tmp_path, *arguments, *limits, environment=environment)
        assert result.exit_code == 0, result.output
        said = f"http://{company.proxy.address} (HTTPS_PROXY)"
        assert f"through the proxy {said}" in result.output
        target = result.summary["target"]
        assert isinstance(target, dict)
        assert target["proxy"] == said
        assert said in (tmp_path / "report.html").read_text("utf-8")
        assert set(company.proxy.asked) == {("CONNECT", f"{_HOST}:443")}
        written = [file.read_text("utf-8") for file in tmp_path.rglob("*") if file.is_file()]
        assert [text for text in (result.output, *written) if _PASSWORD in text] == []

    def test_when_it_speaks_no_tls_then_the_proxy_is_asked_for_its_pages(self, company: Company) -> None:
        environment = {**company.tokens(), "HTTP_PROXY": company.plain.address}
        done = _invoked("capture", "--base-url", f"http://{_HOST}", "--max-orders", "2", environment=environment)
        assert done.exit_code == 0, done.output
        assert f"through the proxy http://{company.plain.address} (HTTP_PROXY)" in done.stderr
        assert set(company.plain.asked) == {("GET", _HOST)}

    @pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
    def test_when_it_is_captured_then_the_authorities_of_the_environment_are_trusted(
        self, company: Company, variable: str
    ) -> None:
        environment = {**company.tokens(), "https_proxy": company.proxy_url, variable: str(company.authorities)}
        done = _invoked("capture", "--base-url", f"https://{_HOST}", "--max-orders", "2", environment=environment)
        assert done.exit_code == 0, done.output
        assert "(https_proxy)" in done.stderr
        assert _PASSWORD not in done.output

    def test_when_it_is_compared_then_the_report_names_side_and_proxy(
        self, company: Company, good_mock: RunningMock
    ) -> None:
        environment = {**company.tokens("RIGHT_"), "HTTPS_PROXY": company.proxy_url}
        sides = ("--left", good_mock.base_url, "--right", f"https://{_HOST}", "--ca-bundle", str(company.authorities))
        done = run_compare(*sides, "--steps", "0", environment={**_NONE, **environment}, table={"orders:get"})
        assert done.exit_code == 0, done.output
        assert f"right: through the proxy http://{company.proxy.address} (HTTPS_PROXY)" in done.output
        assert "left: through" not in done.output
        assert _PASSWORD not in done.output

    def test_when_its_certificate_is_not_trusted_then_the_sentence_names_the_option(
        self, company: Company, tmp_path: Path
    ) -> None:
        environment = {**company.tokens(), "HTTPS_PROXY": company.proxy_url}
        result = run_contract(tmp_path, "--base-url", f"https://{_HOST}", environment=environment)
        assert result.exit_code == 2, result.output
        assert "no certificate that can be trusted" in result.last_line
        assert "--ca-bundle" in result.last_line


class GivenAProxyThatReachesNothing:
    @pytest.mark.parametrize(
        ("scheme", "options", "said"),
        [
            ("http", {"credentials": "user:another"}, "asks for a user and a password (407)"),
            ("https", {"credentials": "user:another"}, "asks for a user and a password (407)"),
            # In plain HTTP this looks like an answer of the target.
            ("https", {"refusal": 403}, "(403)"),
        ],
        ids=["http 407", "https 407", "https 403"],
    )
    def test_when_a_target_is_behind_it_then_the_sentence_reports_the_proxys_answer(
        self, company: Company, tmp_path: Path, scheme: str, options: dict[str, str], said: str
    ) -> None:
        with forward_proxy("http://127.0.0.1:9", **options) as closed:  # type: ignore[arg-type]  # the cases above
            environment = {**company.tokens(), f"{scheme.upper()}_PROXY": f"http://user:{_PASSWORD}@{closed.address}"}
            result = run_contract(tmp_path, "--base-url", f"{scheme}://{_HOST}", environment=environment)
        assert result.exit_code == 2, result.output
        assert f"The proxy http://{closed.address} ({scheme.upper()}_PROXY)" in result.last_line
        assert said in result.last_line
        assert _PASSWORD not in result.output

    def test_when_no_proxy_listens_there_then_the_sentence_reports_it(self, company: Company) -> None:
        environment = {**company.tokens(), "HTTPS_PROXY": "http://127.0.0.1:9"}
        done = _invoked("capture", "--base-url", f"https://{_HOST}", environment=environment)
        assert done.exit_code == 2
        assert "The proxy http://127.0.0.1:9 (HTTPS_PROXY) cannot be reached" in done.output

    def test_when_the_target_is_on_this_machine_then_it_is_not_used(
        self, good_mock: RunningMock, tmp_path: Path
    ) -> None:
        dead = {"HTTP_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9", "REQUESTS_CA_BUNDLE": "/nowhere"}
        only = ("--only", "core", "--max-requests", "20")
        result = run_contract(tmp_path, "--base-url", good_mock.base_url, *only, environment=dead)
        assert result.exit_code == 0, result.output
        assert "through the proxy" not in result.output


_COMMANDS = {
    "run": ("run", "--base-url"),
    "capture": ("capture", "--base-url"),
    "compare": ("compare", "--left", "http://127.0.0.1:9", "--right"),
}


class GivenSettingsThatCantBeUsed:
    @pytest.mark.parametrize("command", _COMMANDS)
    @pytest.mark.parametrize(
        ("environment", "options", "said"),
        [
            ({}, ("--ca-bundle", "/nowhere.pem"), "--ca-bundle /nowhere.pem can't be read (No such file or directory)"),
            ({}, ("--ca-bundle", "/dev/zero"), "--ca-bundle /dev/zero is not a file"),
            ({}, ("--ca-bundle", __file__), "contains no certificate"),
            ({"SSL_CERT_FILE": "/nowhere.pem"}, (), "SSL_CERT_FILE /nowhere.pem can't be read"),
            ({"REQUESTS_CA_BUNDLE": __file__}, (), "REQUESTS_CA_BUNDLE"),
            (
                {"HTTPS_PROXY": "socks5://u:secret@proxy:1080"},
                (),
                "HTTPS_PROXY is not the address of an http or https proxy",
            ),
            ({"HTTPS_PROXY": "http://proxy:99999"}, (), "HTTPS_PROXY is not the address"),
            ({"HTTPS_PROXY": "http://"}, (), "HTTPS_PROXY is not the address"),
            ({"https_proxy": "http://[::1"}, (), "https_proxy is not the address"),
        ],
        ids=range(9),
    )
    def test_then_a_sentence_names_them_and_nothing_is_sent(
        self, command: str, environment: dict[str, str], options: tuple[str, ...], said: str
    ) -> None:
        done = _invoked(*_COMMANDS[command], f"https://{_HOST}", *options, environment=environment)
        assert done.exit_code == 2, done.output
        assert said in done.output
        assert "secret" not in done.output
        assert len(done.output.strip().splitlines()) == 1


class GivenProxiesInTheEnvironment:
    @pytest.mark.parametrize(
        ("environment", "url", "proxy_url"),
        [
            ({"HTTPS_PROXY": "http://p:1"}, "https://api.test", "http://p:1"),
            ({"https_proxy": "p:1"}, "https://api.test", "http://p:1"),
            ({"HTTPS_PROXY": "http://upper:1", "https_proxy": "http://lower:1"}, "https://api.test", "http://lower:1"),
            ({"HTTPS_PROXY": "http://p:1"}, "http://api.test", None),
            ({"HTTP_PROXY": "http://p:1"}, "http://api.test", "http://p:1"),
            ({"ALL_PROXY": "http://p:1"}, "https://api.test", "http://p:1"),
            ({"HTTPS_PROXY": " "}, "https://api.test", None),
            ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "api.test"}, "https://api.test", None),
            ({"HTTPS_PROXY": "http://p:1", "no_proxy": "x, .test"}, "https://api.test", None),
            ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "https://api.test", None),
            ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, "https://10.1.2.3", None),
            ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other.test"}, "https://api.test", "http://p:1"),
            ({"HTTPS_PROXY": "http://p:1"}, "https://localhost:8443", None),
            ({"ALL_PROXY": "http://p:1"}, "http://127.0.0.7", None),
            ({"ALL_PROXY": "http://p:1"}, "http://[::1]:8000", None),
        ],
        ids=range(15),
    )
    def test_then_they_are_for_targets_off_this_machine_that_are_not_excepted(
        self, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, proxy_url: str | None
    ) -> None:
        for name in _NONE:
            monkeypatch.delenv(name, raising=False)
        assert usable_network(None, environment, url).route_to(url).proxy == proxy_url

    def test_then_no_password_is_in_what_is_printed_of_them(self) -> None:
        network = usable_network(None, {"HTTPS_PROXY": "http://u:secret@p:1"}, "https://api.test")
        route = network.route_to("https://api.test")
        assert "secret" not in f"{network!r} {route!r} {network.described('https://api.test')}"

    def test_then_one_that_cant_be_used_is_no_matter_to_a_target_on_this_machine(self) -> None:
        assert (
            usable_network(None, {"HTTP_PROXY": "socks5://x"}, "http://127.0.0.1:8000").route_to(
                "http://127.0.0.1:8000"
            )
            == Route()
        )
        with pytest.raises(CannotRun):
            usable_network(None, {"HTTP_PROXY": "socks5://x"}, "http://api.test")


class GivenATlsServerThatClosesKeptConnectionsWithoutNotice:
    def test_when_it_does_so_under_the_next_request_then_each_is_answered(
        self, good_mock: RunningMock, company: Company
    ) -> None:
        authority = trustme.CA()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(tls)
        with (
            authority.cert_pem.tempfile() as trusted,
            proxy(good_mock.base_url, lambda request, forward: forward(request).but(hangs_up=True), tls=tls) as server,
            DeadlineSession(10, route=Route(ca_bundle=trusted)) as session,
        ):
            asked = [("GET", "POST")[number % 3 == 2] for number in range(30)]
            answers = [session.request(method, f"{server.base_url}/v1/orders/").status_code for method in asked]
            assert set(answers) <= {401, 405}
            assert [one.method for one in server.seen] == asked
