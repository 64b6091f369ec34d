"""A supervisor's browser: how Chromium is started here, and how she signs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from backend.demo_run import Demonstration

CHROMIUM = "/usr/bin/chromium"
# Headless, as root, on a machine with no way out: nothing is fetched but our own pages.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def one_page(width: int = 1280, height: int = 900) -> Iterator[Page]:
    """A new browser with one empty page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser.new_page(viewport={"width": width, "height": height}, locale="en-GB")
        finally:
            browser.close()


def sign_in(page: Page, demo: Demonstration, name: str) -> None:
    """Sign in as one of the demonstration's people; ends on the queue."""
    page.goto(f"{demo.address}/login")
    page.fill("#username", name)
    page.fill("#password", demo.logins[name])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{demo.address}/")
