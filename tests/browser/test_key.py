"""A mock that other machines reach: its pages show nothing without the key, and all of it with the key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from mock_server.testing import running_mock
from tests.browser.conftest import Person

KEY = "s3cret-key"


@pytest.fixture(scope="module")
def guarded_url() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("POLAR_MOCK_KEY", KEY)
        with running_mock(options=("--public-url", "https://mock.example.com")) as mock:
            yield mock.base_url


def test_when_the_key_is_wrong_then_it_asks_again_and_when_it_is_right_the_page_works(
    person: Person, guarded_url: str
) -> None:
    page = f"{guarded_url}/_mock/view/default"
    person.open(page)
    person.named("Key").send_keys("wrong")
    person.press("Open")
    person.reads("This is not the key.")

    person.named("Key").send_keys(KEY)
    person.press("Open")
    person.reads("live")
    person.press("Mark unpaid paid")
    person.reads("unpaid is paid.")
    person.press("Worlds")
    person.reads("Requests that no world claimed")

    assert KEY not in person.driver.current_url
    world = requests.get(f"{guarded_url}/_mock/worlds/default", headers={"X-Mock-Key": KEY}, timeout=10).json()
    assert world["orders"]["unpaid"]["status"] == "paid"
