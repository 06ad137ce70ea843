"""Make the pictures of docs/images anew: a world on a fixed day, with a receiver that fails once, and the portal page."""

from __future__ import annotations

import base64
import io
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from mock_server.documents.scenarios import scenario_document
from mock_server.testing import running_mock
from polar_contract.json_types import as_object
from tests.browser.chromium import HOW_TO_INSTALL, find_browser, running_chromium, show_as
from tests.browser.conftest import Person

_IMAGES = Path(__file__).parents[2] / "docs" / "images"
_MOST_BYTES = 150_000


class Receiver(BaseHTTPRequestHandler):
    """Answers its first webhook 500, and all others 202."""

    failed = False

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(202 if Receiver.failed else 500)
        Receiver.failed = True
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiver() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/webhooks"
        server.shutdown()


class Story:
    """What a customer and the clock did before the pictures are made. The world is the demo, with its fixed ids and tokens."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.world = self.call("GET", "/_mock/worlds/default")

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {self.world['tokens'][token]['token']}"} if token else {}
        answer = requests.request(method, self.base_url + path, json=body, headers=headers, timeout=10)
        return answer.json() if answer.content else None

    def order(self, key: str) -> str:
        id_: str = self.world["orders"][key]["id"]
        return id_

    def advance(self, seconds: float) -> None:
        self.call("PATCH", "/_mock/worlds/default/clock", {"advance_seconds": seconds})

    def happen(self) -> str:
        """Returns the address of the portal."""
        portal = "/v1/customer-portal/orders/"
        paid = f"{portal}{self.order('paid')}"
        self.call("PATCH", "/_mock/worlds/default/clock", {"mode": "held", "set": "2026-05-04T09:30:00Z"})
        self.call("GET", portal, token="customer")
        self.advance(12)
        self.call("PATCH", paid, {"billing_name": "Jane Q. Doe"}, token="customer")
        self.advance(4)
        self.call("POST", f"{portal}{self.order('unpaid')}/invoice", token="customer")
        self.call("POST", f"{paid}/invoice", token="customer")
        self.advance(1)
        self.call("GET", f"{paid}/invoice", token="customer")
        self.advance(3)
        self.call("GET", f"{paid}/invoice", token="customer")
        self.call("GET", portal.rstrip("/"), token="customer")
        self.advance(30)
        self.call("PATCH", f"/_mock/worlds/default/orders/{self.order('paid')}", {"refunded_amount": 400})
        self.advance(2)
        body = {"customer_id": self.world["customers"]["main"]["id"]}
        url: str = self.call("POST", "/v1/customer-sessions/", body, "organization")["customer_portal_url"]
        return url


def main() -> None:
    if find_browser() is None:
        raise SystemExit(HOW_TO_INSTALL)
    with tempfile.TemporaryDirectory() as folder, receiver() as webhooks:
        document = Path(folder) / "world.json"
        made_at = {
            key: {"created_at": "2026-05-04T09:12:00Z"} for key in as_object(scenario_document("demo")["orders"])
        }
        endpoints = {"app": {"url": webhooks}}
        document.write_text(json.dumps({"scenario": "demo", "webhook_endpoints": endpoints, "orders": made_at}))
        with (
            running_mock(options=("--world", str(document))) as mock,
            running_chromium(Path(folder)) as driver,
        ):
            story, person = Story(mock.base_url), Person(driver, Path(folder))
            portal = story.happen()
            page = f"{mock.base_url}/_mock/view/default"
            _picture(person, "page-world", page, height=1180)
            story.call("POST", "/_mock/worlds/default/faults", {"set": "webhooks-twice"})
            _picture(person, "page-world-dark", page, height=820, scheme="dark")
            story.call("DELETE", "/_mock/worlds/default/faults")
            _picture(person, "page-phone", page, width=360, height=760)
            _picture(person, "page-order", f"{page}/orders/{story.order('paid')}", height=900)
            _picture(person, "page-journal", f"{page}/journal/4", height=640)
            person.open(portal)
            person.reads("Download invoice")
            person.press("Billing details")
            _save(person, "portal", width=720, height=760)


def _picture(person: Person, name: str, address: str, *, width: int = 1280, height: int, scheme: str = "light") -> None:
    show_as(person.driver, width=width, height=height, scheme=scheme)
    person.open(address)
    if "live" in person.driver.page_source and "/journal/" not in address:
        person.until(lambda: person.run("return document.getElementById('live').textContent"))
    _save(person, name, width=width, height=height, scheme=scheme)


def _save(person: Person, name: str, *, width: int, height: int, scheme: str = "light") -> None:
    show_as(person.driver, width=width, height=height, scheme=scheme)
    image = base64.b64decode(person.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"])
    file = _IMAGES / f"{name}.png"
    # Few colours make a small file.
    Image.open(io.BytesIO(image)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    assert size < _MOST_BYTES, f"{name} has {size} bytes"
    print(f"docs/images/{name}.png: {width} x {height}, {size // 1000} kB")


if __name__ == "__main__":
    main()
