"""Make a request hostile: each spoiler changes a draft at random in one way; `spoiled` picks some spoilers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random

from bench.hostile.drafts import Draft
from bench.hostile.values import deep, hostile_value, spoil_document

Spoiler = Callable[[Draft, Random], Draft]

_DEEP_LEVELS = 10_000
_MEGABYTE = 1024 * 1024
_METHODS = (
    b"GET",
    b"POST",
    b"PUT",
    b"PATCH",
    b"DELETE",
    b"HEAD",
    b"OPTIONS",
    b"TRACE",
    b"CONNECT",
    b"PRI",
    b"QUERY",
    b"get",
)
_METHODS_UNKNOWN = (b"FOO", b"M-SEARCH", b"X" * 5_000, b"\x00", b"G\xc3\x89T", b"", b"PO ST", b"__init__")
_TYPES = (
    b"text/plain", b"application/xml", b"", b"application/json; charset=utf-16", b"application/json;charset=\xff",
    b"json", b"application/vnd.api+json", b"multipart/form-data", b"multipart/form-data; boundary=" + b"x" * 300,
    b"a/b/c;;=", b"application/x-www-form-urlencoded", b"APPLICATION/JSON", b"application/json, text/html",
    b"\xe2\x98\x83",
)  # fmt: skip
_BODIES = (
    b"{", b"[", b'{"a":', b'{"a":1,}', b"nul", b"NaN", b"-Infinity", b'"\xff\xfe"', b'{"a":1}{"b":2}',
    b"\xef\xbb\xbf{}", b"\x00", b"", b"null", b"1", b'""', b"[]", b"{}", b'{"billing_name":"\\ud800"}',
    b'{"a":1,"a":2}', b"'a'", b"\xff\xfe{\x00}\x00", b"\x1f\x8b\x08\x00", b'{"billing_name":"' + b"\x80" * 40 + b'"}',
    b"9" * 6_000, b'{"a":' + b"1" * 5_000 + b"}", b'"' + b"\\u0000" * 500 + b'"', b" " * 5_000, b"1e999",
    b'{"a":1e999}', b'{"":{"":{}}}', b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n",
)  # fmt: skip
_ESCAPES = (
    b"%", b"%0", b"%zz", b"%00", b"%0a%0d", b"%2f", b"%2F..%2f", b"%ff%fe", b"%c0%ae", b"%ed%a0%80", b"%u0041", b"%25",
    b"%E2%98%83", b"+", b";a=b", b"\x00", b"\xff", b"\xc3\xa9", b"\x7f", b"\\", b"//", b"/../", b"/./", b"..;/", b"#x",
    b"?", b"??", b"&&=&", b"[]", b"{id}", b"<id>", b"\t", b"|", b"^",
)  # fmt: skip
_QUERIES = (
    b"?page=0", b"?page=-1", b"?page=99999999999999999999", b"?limit=1e9", b"?page=1&page=2", b"?limit=%00",
    b"?sorting=%ff", b"?sorting=", b"?a", b"?product_id=x&product_id[]=y", b"?product_id=%ed%a0%80",
    b"?" + b"a=1&" * 3_000, b"?" + b"x" * 60_000, b"?=", b"?\xff=\x80", b"?status=\x00", b"?page=%D9%A3", b"?page=1_0",
    b"?page=+1", b"?limit=9223372036854775808", b"?metadata[a]=1", b"?query=%25%27%22",
    b"?sorting=-created_at&sorting=x",
)  # fmt: skip
_HEADERS = (
    (b"Authorization", b"Bearer"), (b"Authorization", b"Bearer " + b"\xff" * 20), (b"Authorization", b"Basic eDp5"),
    (b"Authorization", b"Bearer polar_cst_" + b"a" * 43), (b"Authorization", b""), (b"Authorization", b"Bearer a b c"),
    (b"Authorization", b"bearer \x00"), (b"Host", b""), (b"Host", b"a b"), (b"Host", b"[::1"),
    (b"Host", b"evil.example:99999"), (b"Host", b"\xff"), (b"Cookie", b"a=b; " * 2_000), (b"Cookie", b"\xff=;;="),
    (b"Content-Encoding", b"gzip"), (b"Expect", b"100-continue"), (b"Expect", b"x"), (b"Range", b"bytes=0-1"),
    (b"Range", b"bytes=-"), (b"If-None-Match", b"*"), (b"If-Modified-Since", b"yesterday"), (b"Origin", b"null"),
    (b"Origin", b"\xff"), (b"Access-Control-Request-Method", b"POST"), (b"X-Forwarded-Host", b"evil"),
    (b"X-HTTP-Method-Override", b"DELETE"), (b"Upgrade", b"h2c"), (b"Upgrade", b"websocket"),
    (b"Connection", b"Upgrade"), (b"Connection", b"close, \xff"), (b"X-Mock-Key", b"\xff"), (b"Accept", b"*/*;q=x"),
    (b"Accept-Language", b"\x80"), (b"X\x00Y", b"1"), (b"", b"1"), (b"X Y", b"1"), (b"X", b"a\x00b"), (b"X", b"a\nb"),
    (b"X", b"a\r\n b"), (b"Transfer-Encoding", b"identity"), (b"Content-Type", b"\x00"),
)  # fmt: skip


def spoil_body(draft: Draft, rng: Random) -> Draft:
    return replace(draft, body=rng.choice(_BODIES))


def spoil_value(draft: Draft, rng: Random) -> Draft:
    """A hostile value somewhere in the body's JSON."""
    try:
        document = json.loads(draft.body or b"{}")
    except (ValueError, RecursionError):
        return draft
    return draft.with_document(spoil_document(document, rng))


def spoil_whole_body(draft: Draft, rng: Random) -> Draft:
    return draft.with_document(hostile_value(rng))


def deepen(draft: Draft, rng: Random) -> Draft:
    array = deep(_DEEP_LEVELS)
    text = rng.choice(
        [
            array,
            b'{"a":' * _DEEP_LEVELS + b"1" + b"}" * _DEEP_LEVELS,
            b'{"billing_address":' + array + b"}",
            b"[" * _DEEP_LEVELS,
        ]
    )
    return replace(draft, body=text).with_header(b"Content-Type", b"application/json")


def mistype(draft: Draft, rng: Random) -> Draft:
    if rng.random() < 0.3:
        return replace(draft, headers=tuple(header for header in draft.headers if header[0] != b"Content-Type"))
    return draft.with_header(b"Content-Type", rng.choice(_TYPES))


def misframe(draft: Draft, rng: Random) -> Draft:
    """No length, wrong lengths, several lengths, good and bad chunks."""
    length = len(draft.body)
    wrong = (
        str(length + 50),
        str(max(0, length - 3)),
        "-1",
        "0",
        "x",
        "",
        "1e3",
        "99999999999999999999",
        f"{length}, {length}",
        "٣",
        f"+{length}",
    )
    if rng.random() < 0.5:
        framing = tuple((b"Content-Length", rng.choice(wrong).encode()) for _ in range(rng.choice((0, 1, 1, 1, 2))))
        return replace(draft, framing=framing, may_wait=True)
    size = f"{length:x}".encode()
    chunked = rng.choice([
        size + b"\r\n" + draft.body + b"\r\n0\r\n\r\n", b"0\r\n\r\n", b"zz\r\nabc\r\n0\r\n\r\n", b"-1\r\n\r\n",
        b"ffffffffffffffffff\r\n", b"1;x=" + b"y" * 20_000 + b"\r\na\r\n0\r\n\r\n", b"5\r\nab",
        b"3\r\nabc\r\n0\r\nTrailer: \xff\r\n\r\n", b"1\r\n{\r\n" * 2_000 + b"0\r\n\r\n",
    ])  # fmt: skip
    both = ((b"Content-Length", str(length).encode()),) if rng.random() < 0.2 else ()
    return replace(draft, body=chunked, framing=(*both, (b"Transfer-Encoding", b"chunked")), may_wait=True)


def misdirect(draft: Draft, rng: Random) -> Draft:
    """Odd targets: escapes in odd places, absolute and other forms, slashes."""
    target = draft.target
    at = rng.randrange(len(target) + 1)
    return replace(draft, target=rng.choice([
        target[:at] + rng.choice(_ESCAPES) + target[at:] + b"/",
            target[:at] + rng.choice(_ESCAPES) + target[at:], target[:at] + rng.choice(_ESCAPES),
        b"http://127.0.0.1" + target, b"http://evil.example" + target, b"//evil.example" + target, b"/" + target,
        target.replace(b"/", b"//"), target + b"/", target.rstrip(b"/"), b"*", b"", target[1:], b"/api" + target,
        b"/api/v1/../.." + target, target.upper(), target + b"/" + b"a" * 50_000, b"/" * 3_000, b"127.0.0.1:443",
        target.replace(b"-", b"%2D"), target[:at], b"/_mock" + target, b"/_mock//worlds",
        b"/v1/customer-portal/orders/" + b"0" * 36 + b"/invoice", b"http://[::1" + target, b"ftp://" + target,
        b"/invoices/" + target.rpartition(b"/")[2], b"/downloads/x?signature=\xff&expires=x",
        target.replace(b"4", "٤".encode()),
    ]))  # fmt: skip


def misquery(draft: Draft, rng: Random) -> Draft:
    return replace(draft, target=draft.target.partition(b"?")[0] + rng.choice(_QUERIES))


def add_headers(draft: Draft, rng: Random) -> Draft:
    name, value = rng.choice(_HEADERS)
    return (
        replace(draft, headers=(*draft.headers, (name, value)))
        if rng.random() < 0.4
        else draft.with_header(name, value)
    )


def swell_headers(draft: Draft, rng: Random) -> Draft:
    """Up to a megabyte of headers: one long, or many."""
    size = rng.choice([1_000, 8_000, 16_000, 64_000, 300_000, _MEGABYTE])
    name = rng.choice([b"X-Filler", b"Authorization", b"Cookie", b"Origin", b"Content-Type", b"Accept", b"Host"])
    if rng.random() < 0.5:
        return draft.with_header(name, rng.choice([b"a", b"\xff", b"a,", b"a=b;"]) * (size // 4))
    return replace(draft, headers=(*draft.headers, *((b"X-%d" % number, b"v") for number in range(size // 100))))


def change_method(draft: Draft, rng: Random) -> Draft:
    return replace(draft, method=rng.choice(_METHODS if rng.random() < 0.7 else _METHODS_UNKNOWN))


def swell_body(draft: Draft, rng: Random) -> Draft:
    """Ten megabytes, announced or in chunks."""
    body = rng.choice([b"x", b"[", b" ", b'"', b"\xff"]) * (10 * _MEGABYTE)
    if rng.random() < 0.5:
        return replace(draft, body=body).with_header(b"Content-Type", b"application/json")
    chunked = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    framed = replace(draft, body=chunked, framing=((b"Transfer-Encoding", b"chunked"),))
    return framed.with_header(b"Content-Type", b"application/json")


# How often each is chosen. Ten megabytes are expensive, so they come a few times in 20,000.
_WEIGHTS: dict[Spoiler, float] = {
    spoil_value: 30, spoil_body: 10, spoil_whole_body: 6, deepen: 2, mistype: 6, misframe: 8, misdirect: 12,
    misquery: 8, add_headers: 10, swell_headers: 1, change_method: 6, swell_body: 0.05,
}  # fmt: skip


def spoiled(draft: Draft, rng: Random) -> Draft:
    """The draft after one, two or three spoilers."""
    for spoiler in rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=rng.choice((1, 1, 2, 3))):
        draft = spoiler(draft, rng)
    return draft


def scrambled(wire: bytes, rng: Random) -> bytes:
    """A request's bytes with some changed, left out, doubled, or the end cut off."""
    changed = bytearray(wire)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at = rng.randrange(len(changed))
        match rng.randrange(4):
            case 0:
                changed[at] = rng.randrange(256)
            case 1:
                del changed[at : at + rng.choice((1, 1, 4))]
            case 2:
                changed[at:at] = changed[at : at + 8]
            case _:
                changed[at:at] = bytes([rng.randrange(256)])
    return bytes(changed[: rng.randrange(1, len(changed))] if rng.random() < 0.1 else changed)
