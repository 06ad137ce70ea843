"""URLs of webhooks: which ones a request can be sent to, where it goes, and how the others are rejected."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.delivery.addresses import AddressBroken, read_webhook_address
from tests.mock_server.documents.worlds import problems_of
from tests.mock_server.web.conftest import Api

BROKEN = {
    "nothing": ("", "start with http"),
    "a word": ("hook", "start with http"),
    "no scheme": ("127.0.0.1:3000/hook", "start with http"),
    "no slashes": ("http:127.0.0.1", "start with http"),
    "one slash": ("http:/127.0.0.1", "start with http"),
    "another scheme": ("file:///etc/passwd", "start with http"),
    "a scheme that only begins like http": ("httpx://127.0.0.1/", "start with http"),
    "no host": ("http://", "a host"),
    "no host but a path": ("http:///hook", "a host"),
    "no host but a query": ("http://?x", "a host"),
    "no host but a port": ("http://:80/", "empty host"),
    "no host but a user": ("http://user@/", "empty host"),
    "a port too high": ("http://127.0.0.1:99999/", "invalid port"),
    "a port of letters": ("http://127.0.0.1:x/", "invalid port"),
    "a port with a sign": ("http://127.0.0.1:-1/", "invalid port"),
    "a port in other digits": ("http://127.0.0.1:８０/", "invalid port"),
    "two ports": ("http://127.0.0.1:80:80/", "invalid port"),
    "port zero": ("http://127.0.0.1:0/", "between 1 and 65535"),
    "port zero written long": ("http://127.0.0.1:000/", "between 1 and 65535"),
    "an empty port": ("http://127.0.0.1:/", "between 1 and 65535"),
    "an empty port after a bracket": ("http://[::1]:", "between 1 and 65535"),
    "an open bracket": ("http://[::1", "IPv6"),
    "a bracket that is closed only": ("http://::1]/", "has to be a URL"),
    "something after a bracket": ("http://[::1]x/", "IPv6"),
    "a zone": ("http://[fe80::1%25eth0]/", "IPv6"),
    "an address of five parts": ("http://1.2.3.4.5/", "IPv4"),
    "an address too high": ("http://256.1.1.1/", "IPv4"),
    "a blank in the host": ("http://a b/", "' '"),
    "a blank in the path": ("http://127.0.0.1/a b", "' '"),
    "a blank before it": (" http://127.0.0.1/", "' '"),
    "a line's end": ("http://127.0.0.1/\r\nHost: x", "'\\r'"),
    "a tab": ("http://127.0.0.1/\t", "'\\t'"),
    "a zero byte": ("http://127.0.0.1/\x00", "'\\x00'"),
    "an escape": ("http://127.0.0.1/\x1b[31m", "'\\x1b'"),
    "a backslash": ("http://127.0.0.1\\@example.com/", "'\\\\'"),
    "half a character": ("http://127.0.0.1/\ud800", "'\\ud800'"),
    "no user before the at": ("http://@127.0.0.1/", "user's name"),
    "a password without a user": ("http://:secret@127.0.0.1/", "user's name"),
    "two ats": ("http://a@b@127.0.0.1/", "user's name"),
    "an international name that is none": ("http://xn--a/", "international"),
    "a host of nothing visible": ("http://\u00ad/", "empty host"),
    "an empty part": ("http://a..b/", "1 to 63"),
    "a dot": ("http://./", "1 to 63"),
    "a part too long": (f"http://{'a' * 64}.com/", "1 to 63"),
    "a host too long": (f"http://{'a.' * 127}com/", "253"),
    "too long": (f"http://127.0.0.1/{'a' * 2083}", "at most 2083"),
}


class GivenABrokenAddress:
    @pytest.mark.parametrize("name", BROKEN)
    def test_then_it_is_refused_in_a_message_and_a_world_document_with_its_path(self, name: str) -> None:
        url, words = BROKEN[name]
        good = {"url": "http://127.0.0.1:3000/"}

        with pytest.raises(AddressBroken, match=r"^(has to|may not|needs)") as refused:
            read_webhook_address(url)
        problems = problems_of({"webhook_endpoints": {"good": good, "app": {"url": url, "events": []}}})

        assert problems.keys() == {"webhook_endpoints.app.url"}
        for message in (str(refused.value), problems["webhook_endpoints.app.url"]):
            assert words in message
        assert str(refused.value).isprintable()
        assert len(problems["webhook_endpoints.app.url"]) < 250

    def test_when_the_api_is_sent_it_then_it_is_refused_or_kept_as_a_url_that_is_written_out(self, api: Api) -> None:
        for url, _ in BROKEN.values():
            body = {"url": url.replace("http:", "https:", 1), "format": "raw", "events": []}

            answer = api.send("POST", "/v1/webhooks/endpoints", token="oat", body=body)

            assert answer.status_code in (201, 422), url
            if answer.status_code == 422:
                assert [item["loc"] for item in answer.json["detail"]] == [["body", "url"]]


class GivenAnAddress:
    @pytest.mark.parametrize(
        ("url", "sent_to", "authority", "target"),
        [
            ("http://127.0.0.1:3000/hook", ("127.0.0.1", 3000), "127.0.0.1:3000", "/hook"),
            ("http://localhost", ("localhost", 80), "localhost", "/"),
            ("https://localhost/a?b=c#d", ("localhost", 443), "localhost", "/a?b=c"),
            ("http://[::1]:8080?x=1", ("::1", 8080), "[::1]:8080", "/?x=1"),
            ("https://[::1]/", ("::1", 443), "[::1]", "/"),
            ("http://LocalHost:65535/", ("localhost", 65535), "localhost:65535", "/"),
            ("http://127.1:00080/", ("127.0.0.1", 80), "127.0.0.1", "/"),
            ("https://user:pass@hooks.example.com/x", ("hooks.example.com", 443), "hooks.example.com", "/x"),
            ("https://bücher.example/ü?ü", ("xn--bcher-kva.example", 443), "xn--bcher-kva.example", "/%C3%BC?%C3%BC"),
            ("https://hooks.example.com./%zz", ("hooks.example.com.", 443), "hooks.example.com.", "/%zz"),
        ],
    )
    def test_then_it_says_where_a_request_goes(
        self, url: str, sent_to: tuple[str, int], authority: str, target: str
    ) -> None:
        address = read_webhook_address(url)

        assert (address.host, address.port) == sent_to
        assert (address.authority, address.target) == (authority, target)

    @given(st.text(alphabet="htps:/@[]?#%.\\ 0129xÅ\x00\ud800-", max_size=25).map("http://".__add__) | st.text())
    def test_then_any_text_is_refused_or_leads_to_one_place_in_plain_ascii(self, url: str) -> None:
        try:
            address = read_webhook_address(url)
        except AddressBroken:
            return
        parts = urlsplit(str(address))
        assert (parts.hostname, parts.port or 80) == (address.host, address.port)
        assert 0 < address.port < 65536
        assert str(address).isascii()
        assert " " not in str(address)
        if ":" in address.host:
            ipaddress.IPv6Address(address.host)
