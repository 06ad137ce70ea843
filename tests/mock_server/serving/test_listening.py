"""Host names and ports: what is listened on, what is printed, and the messages for what can't be."""

from __future__ import annotations

import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from mock_server.serving.listening import CannotListen, listen
from mock_server.web.served import Served


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


class GivenAnAddress:
    @pytest.mark.parametrize(
        ("host", "url", "is_loopback"),
        [
            ("127.0.0.1", "http://127.0.0.1:{}", True),
            ("127.0.0.5", "http://127.0.0.5:{}", True),
            ("127.1", "http://127.1:{}", True),
            ("localhost", "http://localhost:{}", True),
            ("0.0.0.0", "http://127.0.0.1:{}", False),
            ("0", "http://127.0.0.1:{}", False),
            pytest.param("::1", "http://[::1]:{}", True, marks=needs_ipv6),
            pytest.param("::", "http://[::1]:{}", False, marks=needs_ipv6),
            pytest.param("0:0::0", "http://[::1]:{}", False, marks=needs_ipv6),
        ],
    )
    def test_then_its_url_can_be_opened(self, host: str, url: str, is_loopback: bool) -> None:
        listening = listen(host, 0)
        try:
            here = Served(listening.host, listening.port).here
            assert here == url.format(listening.port)
            assert listening.is_loopback is is_loopback
            socket.create_connection((urlsplit(here).hostname or "", listening.port), timeout=30).close()
        finally:
            listening.close()

    def test_when_a_name_has_several_addresses_then_all_of_them_are_listened_on(self) -> None:
        listening = listen("localhost", 0)
        try:
            found = {str(a[4][0]) for a in socket.getaddrinfo("localhost", None, type=socket.SOCK_STREAM)}
            assert {listener.getsockname()[0] for listener in listening.sockets} <= found
            for listener in listening.sockets:
                socket.create_connection((listener.getsockname()[0], listening.port), timeout=30).close()
        finally:
            listening.close()


class GivenWhatCannotBeListenedOn:
    def test_when_the_port_is_taken_then_the_message_says_so(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(CannotListen, match=f"can't listen on 127.0.0.1:{port}: another program listens there"):
                listen("127.0.0.1", port)

    def test_when_another_mock_listens_there_then_it_is_not_shared(self) -> None:
        first = listen("127.0.0.1", 0)
        try:
            with pytest.raises(CannotListen, match="another program"):
                listen("127.0.0.1", first.port)
        finally:
            first.close()

    @pytest.mark.parametrize(
        "host", ["203.0.113.7", "no-such-host.invalid", "", "..", "a" * 70 + ".b", "[::1]", "1.2.3.4.5", "é"]
    )
    def test_when_it_is_no_address_of_this_machine_then_the_message_says_what_to_do(self, host: str) -> None:
        with pytest.raises(CannotListen, match="--host"):
            listen(host, 0)
