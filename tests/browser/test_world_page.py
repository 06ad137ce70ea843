"""A person at the page of a world: every button once, the live journal, and the keyboard alone."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import SHOP, Person, World, make_world
from tests.mock_server.rendering.test_invoices import text_of


class GivenAnUnpaidOrder:
    def test_when_it_is_marked_paid_and_its_invoice_requested_then_the_pdf_can_be_opened(
        self, person: Person, world: World
    ) -> None:
        person.open(world.page)

        person.press("Mark unpaid paid")
        person.reads("unpaid is paid.")
        person.press("Request the invoice of unpaid")
        person.press(f"{world.order('unpaid')['invoice_number']} PDF")

        assert world.order("unpaid")["status"] == "paid"
        assert "Jane Doe" in text_of(person.downloaded())

    def test_when_an_invoice_is_refused_then_the_page_says_why(self, person: Person, world: World) -> None:
        person.open(world.page)

        person.press("Request the invoice of unpaid")

        person.reads("is not paid, so an invoice cannot be generated.")

    def test_when_part_is_refunded_and_billing_cleared_then_the_order_shows_it(
        self, person: Person, world: World
    ) -> None:
        person.open(f"{world.page}/orders/{world.made['ids']['order:unpaid']}")
        person.press("Mark unpaid paid")

        person.named("Refunded in all, before tax (USD)").send_keys("4.00", Keys.ENTER)
        person.reads("refunded $4.00")
        person.press("Clear billing")
        person.reads("no name, no address")

        order = world.order("unpaid")
        assert (order["status"], order["refunded_amount"]) == ("partially_refunded", 400)
        assert (order["billing_name"], order["billing_address"]) == (None, None)


class GivenAWorldsClock:
    def test_when_it_is_held_advanced_and_settled_then_the_page_and_the_world_agree(
        self, person: Person, base_url: str
    ) -> None:
        world = make_world(base_url, {**SHOP, "invoices": {"generation": "delayed", "delay_seconds": 86400}})
        person.open(world.page)

        person.press("Hold")
        person.reads("UTC, held")
        before = world.call("GET", f"/_mock/worlds/{world.id}/clock")["now"]
        person.named("Seconds").send_keys("90", Keys.ENTER)
        person.reads("The clock is advanced.")
        person.press("Mark unpaid paid")
        person.press("Request the invoice of unpaid")
        person.reads("1 job waits")
        person.press("Settle")
        person.reads("no jobs wait")

        after = world.call("GET", f"/_mock/worlds/{world.id}/clock")["now"]
        assert (after > before, world.order("unpaid")["is_invoice_generated"]) == (True, True)


class GivenTheLiveJournal:
    def test_when_a_request_arrives_then_it_appears_and_opens_with_its_answer(
        self, person: Person, world: World
    ) -> None:
        person.open(world.page)
        person.reads("live")

        world.call("GET", "/v1/orders/?limit=1", token="staff")
        person.reads("/v1/orders/?limit=1")
        person.driver.find_element(By.CSS_SELECTOR, "details.row summary").click()
        person.named("Copy as curl")

        answers = person.driver.find_elements(By.CSS_SELECTOR, ".exchange pre")
        assert "Bearer <staff>" in answers[0].text
        assert '"total_count": 1' in str(answers[1].get_attribute("textContent"))

    def test_when_a_row_is_open_and_others_arrive_then_it_stays_open_and_the_focus_too(
        self, person: Person, world: World
    ) -> None:
        world.call("GET", "/v1/orders/", token="staff")
        person.open(world.page)
        person.driver.find_element(By.CSS_SELECTOR, "#entry-1 summary").click()
        person.named("Copy as test")

        world.call("GET", "/v1/orders/?page=2", token="staff")
        person.reads("/v1/orders/?page=2")

        assert person.run("return document.activeElement.closest('#entry-1[open]').querySelectorAll('pre').length") == 2


class GivenANamedSetOfFaults:
    def test_when_it_is_switched_on_and_off_then_requests_fail_as_long_as_it_is_on(
        self, person: Person, world: World
    ) -> None:
        invoice = f"/v1/orders/{world.made['ids']['order:unpaid']}/invoice"
        person.open(world.page)

        person.press("invoice-fails")
        person.reads("faults are on")
        assert world.call("POST", invoice, token="staff") == "Internal Server Error"
        person.until(lambda: person.driver.find_elements(By.CSS_SELECTOR, ".row .state.bad"))
        person.press("invoice-fails")
        person.reads("invoice-fails is off.")

        assert world.call("GET", f"/_mock/worlds/{world.id}/faults")["items"] == []
        assert world.call("POST", invoice, token="staff")["error"] == "NotPaidOrder"
        assert person.named("invoice-fails").get_attribute("aria-checked") == "false"


class GivenASnapshot:
    def test_when_it_is_restored_then_the_order_is_as_it_was(self, person: Person, world: World) -> None:
        person.open(world.page)

        person.named("Name").send_keys("before", Keys.ENTER)
        person.reads("taken at")
        person.press("Mark unpaid paid")
        person.reads("unpaid is paid.")
        person.press("Restore before")
        person.driver.switch_to.alert.accept()
        person.reads("The world is as in before.")

        assert world.order("unpaid")["status"] == "pending"


class GivenAToken:
    def test_when_it_is_revoked_then_requests_with_it_are_refused(self, person: Person, world: World) -> None:
        person.open(world.page)

        person.press("Revoke the token customer")
        person.driver.switch_to.alert.accept()
        person.reads("The token customer is revoked.")

        assert world.call("GET", "/v1/customer-portal/orders/", token="customer")["error"] == "invalid_token"


class GivenTheListOfWorlds:
    def test_when_a_world_is_made_from_a_scenario_then_it_is_there_and_can_be_deleted(
        self, person: Person, base_url: str
    ) -> None:
        person.open(f"{base_url}/_mock/")
        before = len(person.driver.find_elements(By.CSS_SELECTOR, ".card"))

        person.press("Create")
        person.until(lambda: len(person.driver.find_elements(By.CSS_SELECTOR, ".card")) == before + 1)
        delete = person.driver.find_elements(By.CSS_SELECTOR, ".card .danger")[-1]
        delete.click()
        person.driver.switch_to.alert.accept()

        person.until(lambda: len(person.driver.find_elements(By.CSS_SELECTOR, ".card")) == before)


class GivenOnlyAKeyboard:
    def test_then_every_action_can_be_reached_seen_and_done(self, person: Person, world: World) -> None:
        person.open(world.page)
        wanted = "Mark unpaid paid"
        reached: list[str] = []

        for _ in range(40):
            ActionChains(person.driver).send_keys(Keys.TAB).perform()
            element = person.driver.switch_to.active_element
            reached.append(element.accessible_name.strip())
            assert element.value_of_css_property("outline-style") == "solid", f"{reached[-1]} shows no focus"
            if reached[-1] == wanted:
                break
        ActionChains(person.driver).send_keys(Keys.ENTER).perform()
        person.reads("unpaid is paid.")
        # The button is gone; the focus stays in its row.
        assert person.driver.switch_to.active_element.accessible_name == "unpaid"
        person.named("More for unpaid").send_keys(Keys.ENTER)
        person.named("Refund all")
        person.driver.switch_to.active_element.send_keys(Keys.ESCAPE)

        assert reached[0] == "Skip to the content"
        assert {"Hold", "Advance the clock by 1 h", "Settle", "Request the invoice of unpaid"} <= set(reached)
        assert person.driver.switch_to.active_element.accessible_name == "More for unpaid"


@pytest.fixture(autouse=True)
def _no_open_stream(person: Person) -> None:
    """Each test begins at an empty page."""
    person.driver.get("about:blank")
