"""`make screens`: takes the supervisor's pictures for the README from a real office and browser."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from backend.demo_run import Demonstration, free_port
from tests.journeys.browser import one_page, sign_in

SUPERVISOR = "tm-ruth"


def take(page: Page, demo: Demonstration, folder: Path) -> None:
    """The queue, the gravest escalation, and its family."""
    sign_in(page, demo, SUPERVISOR)
    page.screenshot(path=folder / "queue.png")
    page.locator("a[href*='/escalations/']").first.click()
    page.screenshot(path=folder / "escalation.png")
    page.locator("a[href*='/households/']").first.click()
    page.screenshot(path=folder / "household.png")


def main(folder: Path) -> None:
    """Make an office below a folder that is thrown away, and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held, one_page() as page:
        demo = Demonstration(Path(held) / "demo", free_port())
        try:
            demo.make_office()
            demo.start_office()
            take(page, demo, folder)
        finally:
            demo.stop_all()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
