"""A customer at the portal page: billing details, the invoice, and what the API refuses, as sentences."""

from __future__ import annotations

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import SHOP, Person, World, make_world
from tests.mock_server.rendering.test_invoices import text_of


class GivenTheLinkToThePortal:
    def test_when_it_is_opened_then_the_token_leaves_the_address_and_the_page_can_be_loaded_again(
        self, person: Person, world: World
    ) -> None:
        person.open(world.portal())
        person.reads("Pro Plan")

        assert person.driver.current_url == f"{world.base_url}/shop/portal"
        person.open(person.driver.current_url)
        person.reads("Jane Doe, jane@example.com")

    def test_when_there_is_no_session_or_an_old_one_then_the_page_says_what_to_do(
        self, person: Person, world: World
    ) -> None:
        person.open(f"{world.base_url}/nobody/portal")
        person.reads("Open the link that the shop gave you.")

        person.open(f"{world.base_url}/nobody/portal?customer_session_token=polar_cst_old")
        person.reads("This link has expired.")


class GivenAnOrder:
    def test_when_the_billing_details_are_wrong_then_the_fields_problem_is_a_sentence_and_right_ones_are_saved(
        self, person: Person, world: World
    ) -> None:
        person.open(world.portal())
        person.press("Billing details")
        country = person.named("Country (two letters)")

        country.send_keys(Keys.CONTROL, "a")
        country.send_keys("XX", Keys.ENTER)
        person.until(lambda: country.get_attribute("aria-invalid"))
        said = person.driver.find_element(By.CSS_SELECTOR, ".said").text
        assert said.startswith("Country: ")
        country.send_keys(Keys.CONTROL, "a")
        country.send_keys("FR")
        name = person.named("Name")
        name.send_keys(Keys.CONTROL, "a")
        name.send_keys("Jane <b>Q.</b> Doe", Keys.ENTER)
        person.reads("Saved.")

        assert world.order("unpaid")["billing_name"] == "Jane <b>Q.</b> Doe"

    def test_when_its_invoice_is_wanted_then_the_page_asks_waits_and_opens_it(
        self, person: Person, base_url: str
    ) -> None:
        delayed = {"generation": "delayed", "delay_seconds": 0.2}
        orders = {"paid": {"customer": "jane", "product": "pro"}}
        world = make_world(base_url, {**SHOP, "orders": orders, "invoices": delayed})
        person.open(world.portal())

        person.press("Download invoice")
        person.reads("The invoice is ready.")
        if not list(person.downloads.glob("*")):
            person.press("Open the invoice (PDF)")

        assert "Jane Doe" in text_of(person.downloaded())

    def test_when_it_is_not_paid_then_the_refusal_is_a_sentence(self, person: Person, world: World) -> None:
        person.open(world.portal())

        person.press("Download invoice")

        person.reads("is not paid, so an invoice cannot be generated.")
