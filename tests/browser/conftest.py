"""One mock and one browser for all tests here; a small client for what programs do beside the person at the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from mock_server.testing import running_mock
from tests.browser.chromium import HOW_TO_INSTALL, find_browser, running_chromium, show_as

_SECONDS = 10
# A shop without a webhook endpoint: nothing here sends to a port that some other program may have.
SHOP: dict[str, Any] = {
    "organization": {"slug": "shop", "name": "Shop Ltd", "invoice_prefix": "SHOP"},
    "products": {"pro": {"name": "Pro Plan", "price_amount": 1000}},
    "customers": {
        "jane": {"email": "jane@example.com", "name": "Jane Doe", "billing_address": {"country": "FR", "city": "Paris"}}
    },
    "tokens": {
        "customer": {"kind": "customer_session", "customer": "jane"},
        "staff": {"kind": "organization_access_token"},
    },
    "orders": {"unpaid": {"customer": "jane", "product": "pro", "status": "pending"}},
    "invoices": {"generation": "immediate"},
}


# Asking the browser for the name of every element takes a second.
_CANDIDATES = """
const isNamed = (text) => (text ?? "").replace(/\\s+/g, " ").trim() === arguments[0];
return [...document.querySelectorAll("button, a, input, select, summary")].filter((element) =>
  isNamed(element.getAttribute("aria-label")) || isNamed(element.textContent)
  || [...(element.labels ?? [])].some((label) => isNamed(label.textContent)));
"""


@dataclass
class World:
    """A world of its own for each test."""

    base_url: str
    made: dict[str, Any]

    @property
    def id(self) -> str:
        id_: str = self.made["id"]
        return id_

    @property
    def page(self) -> str:
        return f"{self.base_url}/_mock/view/{self.id}"

    def call(self, method: str, path: str, *, token: str | None = None, body: Any = None) -> Any:
        headers = {} if token is None else {"Authorization": f"Bearer {self.made['tokens'][token]}"}
        answer = requests.request(method, self.base_url + path, headers=headers, json=body, timeout=_SECONDS)
        is_json = answer.headers.get("Content-Type") == "application/json"
        return answer.json() if is_json else answer.text

    def order(self, key: str) -> Any:
        return self.call("GET", f"/v1/orders/{self.made['ids'][f'order:{key}']}", token="staff")

    def portal(self) -> str:
        body = {"customer_id": self.made["ids"]["customer:jane"]}
        url: str = self.call("POST", "/v1/customer-sessions/", token="staff", body=body)["customer_portal_url"]
        return url


@dataclass
class Person:
    """Somebody at the browser: finds things by what they say, and waits until they are there."""

    driver: Chrome
    downloads: Path

    def open(self, url: str) -> None:
        self.driver.get(url)
        self.until(lambda: self.driver.find_elements(By.TAG_NAME, "h1"))

    def until(self, condition: Callable[[], Any]) -> Any:
        waiting = WebDriverWait(self.driver, _SECONDS, 0.05, ignored_exceptions=(StaleElementReferenceException,))
        return waiting.until(lambda _: condition())

    def named(self, name: str) -> WebElement:
        """The visible button, link or field with this name, as a screen reader says it."""
        found: WebElement = self.until(lambda: next(iter(self._named(name)), None))
        return found

    def _named(self, name: str) -> Iterator[WebElement]:
        for element in self.run(_CANDIDATES, name):
            if element.is_displayed() and element.accessible_name.strip() == name:
                yield element

    def press(self, name: str) -> None:
        self.named(name).click()

    def reads(self, text: str) -> None:
        """Wait until the page shows this."""
        self.until(lambda: text in self.driver.find_element(By.TAG_NAME, "body").text)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def downloaded(self) -> bytes:
        """The next PDF that the browser saves."""
        file: Path = self.until(lambda: next(self.downloads.glob("*.pdf"), None))
        content = file.read_bytes()
        file.unlink()
        return content

    def complaints(self) -> list[str]:
        """What the browser's console has of scripts and of the content security policy; answers that refuse are none."""
        log: list[dict[str, str]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]  # it has no types
        return [one["message"] for one in log if "Failed to load resource" not in one["message"]]


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    with running_mock() as mock:
        yield mock.base_url


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    if find_browser() is None:
        pytest.skip(HOW_TO_INSTALL)
    downloads = tmp_path_factory.mktemp("downloads")
    with running_chromium(downloads) as driver:
        yield Person(driver, downloads)


@pytest.fixture
def person(browser: Person) -> Iterator[Person]:
    """Whatever a test does, scripts must not fail and nothing may break the policy."""
    show_as(browser.driver)
    browser.complaints()
    yield browser
    assert browser.complaints() == []


@pytest.fixture
def world(base_url: str) -> World:
    return make_world(base_url, SHOP)


def make_world(base_url: str, document: dict[str, Any]) -> World:
    answer = requests.post(f"{base_url}/_mock/worlds", json=document, timeout=_SECONDS)
    assert answer.status_code == 201, json.dumps(answer.json())
    return World(base_url, answer.json())
