"""What holds on every page: names for everything, headings in order, contrast, a phone's width, no outside request, no script of a name."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from tests.browser.chromium import show_as
from tests.browser.conftest import Person, World, make_world

# It would set window.hacked if it ran, and it is too long for a phone.
HOSTILE = f"\"'><script>window.hacked=1</script><img src=x onerror=window.hacked=1>{'long' * 60}"
PAGES = ("worlds", "world", "order", "request", "portal", "no such world")

_FAULTS_OF_STRUCTURE = """
const seen = new Map(), faults = [];
for (const { id } of document.querySelectorAll("[id]")) seen.set(id, (seen.get(id) ?? 0) + 1);
for (const [id, count] of seen) if (count > 1) faults.push(`${count} elements have the id ${id.slice(0, 50)}`);
const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1]));
if (levels.filter((level) => level === 1).length !== 1) faults.push(`the headings are ${levels}`);
levels.forEach((level, at) => { if (at && level > levels[at - 1] + 1) faults.push(`a heading is skipped: ${levels}`); });
if (document.querySelectorAll("main").length !== 1) faults.push("there is not one main part");
if (!document.documentElement.lang) faults.push("the page has no language");
for (const table of document.querySelectorAll("table")) if (!table.querySelector("th[scope]")) faults.push("a table has no headers");
return faults;
"""
_FAINT_TEXTS = """
const parse = (colour) => (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
const light = (rgb) => { const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ground = (element) => { for (let at = element; at; at = at.parentElement) {
  const colour = parse(getComputedStyle(at).backgroundColor); if (colour[3] !== 0) return colour.slice(0, 3); } return [255, 255, 255]; };
const faint = new Set();
for (const element of document.querySelectorAll("main *")) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!own || !element.checkVisibility() || element.closest("svg")) continue;
  const [a, b] = [light(parse(getComputedStyle(element).color).slice(0, 3)), light(ground(element))];
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (contrast < 4.5) faint.add(`${element.tagName}.${element.className} ${contrast.toFixed(2)}`);
}
return [...faint];
"""
_TOO_WIDE = """
const wide = [...document.querySelectorAll("main, main *")].filter((element) =>
  !element.closest(".scroll *, pre *, .unseen, select *") && element.getBoundingClientRect().right > arguments[0]);
const page = document.documentElement.scrollWidth;
return page > arguments[0] ? [`${page} pixels`, ...wide.map(({ tagName, className }) => `${tagName}.${className}`)] : [];
"""


class Site(NamedTuple):
    world: World
    addresses: dict[str, str]


@pytest.fixture(scope="module")
def site(base_url: str) -> Site:
    """A world whose every name is hostile, with a request about its order."""
    document: dict[str, Any] = {
        "organization": {"slug": "hostile", "name": HOSTILE, "invoice_prefix": "SHOP"},
        "products": {HOSTILE: {"name": HOSTILE, "price_amount": 1000, "description": HOSTILE}},
        "customers": {
            "jane": {
                "email": "jane@example.com",
                "name": HOSTILE,
                "billing_address": {"country": "FR", "city": HOSTILE[:80], "line1": HOSTILE[:80]},
            }
        },
        "tokens": {
            HOSTILE: {"kind": "customer_session", "customer": "jane"},
            "staff": {"kind": "organization_access_token"},
        },
        "orders": {
            HOSTILE: {"customer": "jane", "product": HOSTILE, "billing_name": HOSTILE},
            "unpaid": {"customer": "jane", "product": HOSTILE, "status": "pending", "billing_name": None},
        },
        "webhook_endpoints": {"app": {"url": "http://127.0.0.1:9/hook", "events": ["order.updated"]}},
        "invoices": {"generation": "immediate"},
    }
    world = make_world(base_url, document)
    id_ = world.made["ids"][f"order:{HOSTILE}"]
    world.call("POST", f"/v1/orders/{id_}/invoice?q=%3Cscript%3E", token="staff")
    world.call("PATCH", f"/v1/orders/{id_}", token="staff", body={"billing_name": HOSTILE[:100]})
    world.call("GET", "/v1/<script>window.hacked=1</script>", token="staff")
    addresses = {
        "worlds": f"{base_url}/_mock/",
        "world": world.page,
        "order": f"{world.page}/orders/{id_}",
        "request": f"{world.page}/journal/1",
        "portal": world.portal(),
        "no such world": f"{base_url}/_mock/view/{quote(HOSTILE.replace('/', ''))}",
    }
    return Site(world, addresses)


class GivenAnyPage:
    @pytest.mark.parametrize("name", PAGES)
    def test_then_it_is_sound(self, person: Person, site: Site, name: str) -> None:
        """One load for all that it has to be, because a page takes longer to load than to look at."""
        person.open(site.addresses[name])
        if name == "portal":
            person.reads("Download invoice")
        person.run("for (const one of document.querySelectorAll('details')) one.open = true")

        assert _nameless(person) == []
        assert person.run(_FAULTS_OF_STRUCTURE) == []
        assert person.run("return window.hacked") is None
        hosts = person.run("return performance.getEntriesByType('resource').map((one) => new URL(one.name).origin)")
        assert set(hosts) == {site.world.base_url}
        for scheme in ("light", "dark"):
            show_as(person.driver, scheme=scheme)
            assert person.run(_FAINT_TEXTS) == [], scheme
        ground = person.run("return getComputedStyle(document.body).backgroundColor")
        assert sum(map(int, ground.removeprefix("rgb(").rstrip(")").split(","))) < 150, "it is dark now"
        for width in (1280, 760, 360):
            show_as(person.driver, width=width)
            assert person.run(_TOO_WIDE, width) == []


def _nameless(person: Person) -> list[str]:
    """What can be focused and has no name, by the browser's own tree for screen readers."""
    nodes = person.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    focusable = [
        node
        for node in nodes
        if not node["ignored"]
        and node["role"]["value"] not in ("RootWebArea", "main")
        and any(one["name"] == "focusable" for one in node.get("properties", []))
    ]
    assert focusable
    return [node["role"]["value"] for node in focusable if not node.get("name", {}).get("value")]
