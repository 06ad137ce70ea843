"""Drive the Chromium of this machine, headless, with an empty profile and without requests of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en-US"),
)
HOW_TO_INSTALL = "these tests need Chromium and its driver: apt-get install chromium chromium-driver"


def find_browser() -> tuple[str, str] | None:
    """The programs of the browser and its driver; None without them."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@contextmanager
def running_chromium(downloads: Path) -> Iterator[Chrome]:
    """A browser; files that pages offer are saved in the folder. Selenium downloads nothing when it is told both programs."""
    found = find_browser()
    assert found is not None, HOW_TO_INSTALL
    with tempfile.TemporaryDirectory() as profile:
        options = ChromeOptions()
        options.binary_location = found[0]
        for flag in (*_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
        driver = Chrome(options, Service(found[1]))
        try:
            yield driver
        finally:
            driver.quit()


def show_as(driver: Chrome, *, width: int = 1280, height: int = 900, scheme: str = "light") -> None:
    """The size of the page in CSS pixels, and the colours that the person prefers."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
