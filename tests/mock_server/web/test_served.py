"""Which hosts and origins the server accepts as its own, and the base of its links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.web.served import Served

LOOPBACK = [
    *("localhost", "localhost:8000", "LOCALHOST:1", "localhost.", "app.localhost:3000"),
    *("127.0.0.1", "127.0.0.1:8000", "127.0.0.1.:8000", "127.9.9.9:80"),
    *("[::1]", "[::1]:8000", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]:8000", "[::FFFF:7f00:1]"),
]
PRIVATE = [
    *("mock", "mock:8000", "polar_mock:8000", "printer.local", "host.docker.internal:8000"),
    *("10.0.0.7:8000", "172.17.0.2", "192.168.1.4:80", "[fe80::1]:80", "[fd00::2]", "[::ffff:10.0.0.7]"),
]
FOREIGN = [
    *("evil.example", "evil.example:8000", "evil.example.", "localhost.evil.com", "127.0.0.1.nip.io", "127.1.evil"),
    *("6.6.6.6:8000", "[2606:4700::1111]", "[::ffff:6.6.6.6]:8000", "134744072", "010.8.8.8"),
    pytest.param("0x08080808", id="an address as a hexadecimal number"),
    *("0.0.0.0:8000", "[::]", "[::ffff:0.0.0.0]"),
]
MALFORMED = [
    *("", " ", "a b", "[::1", "::1", "x:y", "evil.example:99999", "user@localhost", "localhost/path"),
    *("localhost:80:80", "localhost\n", "localhost, evil.example", "é", "localhost?x", "localhost#x", "\x00", "[]"),
    *(":80", "-", ".", "..", ".:80"),
]
OWN = "http://127.0.0.1:8000"
FOR_OTHERS = Served("0.0.0.0", 8000, is_loopback=False)


class GivenAServerForThisMachine:
    served = Served("127.0.0.1", 8000)

    @pytest.mark.parametrize("host", LOOPBACK)
    def test_when_a_name_of_this_machine_is_asked_for_then_links_lead_there(self, host: str) -> None:
        assert self.served.base_url("http", host) == f"http://{host}"

    @pytest.mark.parametrize("host", [*PRIVATE, *FOREIGN, *MALFORMED])
    def test_when_it_is_any_other_then_links_lead_to_the_address_that_is_listened_on(self, host: str) -> None:
        assert self.served.base_url("http", host) == OWN

    def test_then_nobody_else_reaches_it(self) -> None:
        assert self.served.is_for_this_machine

    def test_when_others_are_given_it_then_they_do_too(self) -> None:
        assert not Served("127.0.0.1", 8000, "https://mock.example.com").is_for_this_machine
        assert Served("127.0.0.1", 8000, "http://mock.localhost:9000").is_for_this_machine


class GivenAServerForOthers:
    served = FOR_OTHERS

    def test_then_others_reach_it(self) -> None:
        assert not self.served.is_for_this_machine

    @pytest.mark.parametrize("host", [*LOOPBACK, *PRIVATE])
    def test_when_a_name_of_a_private_network_is_asked_for_then_links_lead_there(self, host: str) -> None:
        assert self.served.base_url("http", host) == f"http://{host}"

    @pytest.mark.parametrize("host", [*FOREIGN, *MALFORMED])
    def test_when_it_is_any_other_then_links_lead_to_something_that_can_be_opened(self, host: str) -> None:
        assert self.served.base_url("http", host) == OWN

    @pytest.mark.parametrize(
        ("host", "url"),
        [
            ("::", "http://[::1]:8000"),
            ("203.0.113.9", "http://203.0.113.9:8000"),
            ("2001:db8::1", "http://[2001:db8::1]:8000"),
            ("mock.example.com", "http://mock.example.com:8000"),
        ],
    )
    def test_then_its_own_url_is_where_it_listens(self, host: str, url: str) -> None:
        served = Served(host, 8000, is_loopback=False)

        assert served.own_url == url
        assert served.base_url("http", url.removeprefix("http://")) == url


@given(
    host=st.text(max_size=40) | st.text("abcABC019.:-_[]", max_size=12),
    served=st.sampled_from(["127.0.0.1", "0.0.0.0", "::"]),
)
def test_links_use_a_host_header_only_if_it_is_known(host: str, served: str) -> None:
    server = Served(served, 8000, is_loopback=served == "127.0.0.1")

    assert server.base_url("http", host) == (f"http://{host}" if server.knows(host) else server.own_url)


class GivenAPublicUrl:
    @pytest.mark.parametrize("host", [*LOOPBACK, *PRIVATE, *FOREIGN, *MALFORMED])
    def test_then_every_link_begins_with_it(self, host: str) -> None:
        served = Served("0.0.0.0", 8000, "https://mock.example.com", is_loopback=False)

        assert served.base_url("http", host) == "https://mock.example.com"


class GivenAPage:
    served = Served("127.0.0.1", 8000)

    @pytest.mark.parametrize("host", LOOPBACK)
    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_when_it_is_of_this_machine_then_it_may_call(self, scheme: str, host: str) -> None:
        assert self.served.allows_page(f"{scheme}://{host}", OWN)

    @pytest.mark.parametrize("host", [*PRIVATE, *FOREIGN, *MALFORMED])
    @pytest.mark.parametrize("served", [Served("127.0.0.1", 8000), FOR_OTHERS], ids=["here", "everywhere"])
    def test_when_it_is_of_another_then_it_may_not(self, served: Served, host: str) -> None:
        assert not served.allows_page(f"http://{host}", OWN)

    @pytest.mark.parametrize(
        "origin",
        [
            "null",
            "",
            "localhost",
            "file://",
            "chrome-extension://localhost",
            "ftp://localhost",
            "http://localhost http://a",
        ],
    )
    def test_when_it_is_none_that_a_server_of_this_machine_served_then_it_may_not(self, origin: str) -> None:
        assert not self.served.allows_page(origin, OWN)

    def test_when_this_server_served_it_under_another_name_then_it_may(self) -> None:
        assert FOR_OTHERS.allows_page("http://mock:8000", "http://mock:8000")
