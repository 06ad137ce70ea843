"""Read the pages for people as a browser does."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from tests.mock_server.web.conftest import Api


class Page(HTMLParser):
    """A page as a browser reads it: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, given in self.elements if (value := given.get(attribute)) is not None]

    def action(self, name: str) -> dict[str, str | None]:
        """The attributes of the button with this name for screen readers."""
        (found,) = [given for tag, given in self.elements if tag == "button" and given.get("aria-label") == name]
        return found


def page_of(api: Api, path: str = "", *, status: int = 200, **more: Any) -> Page:
    answer = api.send("GET", f"/_mock/view/{api.world['id']}{path}", **more)
    assert answer.status_code == status, answer.text
    return Page(answer.text)


def every_page(api: Api, key: str) -> list[str]:
    """The addresses of all pages, after a request about the order."""
    api.send("POST", f"{api.order(key)}/invoice", token="customer")
    api.in_world("POST", "/settle")
    view = f"/_mock/view/{api.world['id']}"
    order = api.world["ids"][f"order:{key}"]
    return ["/_mock/", view, f"{view}/orders/{order}", f"{view}/journal/1", f"{view}/journal/99", "/_mock/view/none"]
