"""`make screens`: the README's pictures, from a real office, the real app and a real browser."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from backend.demo_run import Demonstration, free_port
from tests.journeys.browser import one_page, sign_in

SUPERVISOR = "tm-ruth"
# What the scripted practitioner's pictures are called here.
OF_THE_APP = {
    "families": "app-families",
    "what-the-plan-demands": "app-doorstep",
    "one-child-at-a-time": "app-questions",
    "before-leaving": "app-leaving",
    "outbox": "app-outbox",
}


def take(page: Page, demo: Demonstration, folder: Path) -> None:
    """The queue, the gravest escalation, and its family."""
    sign_in(page, demo, SUPERVISOR)
    page.screenshot(path=folder / "queue.png")
    page.locator("a[href*='/escalations/']").first.click()
    page.screenshot(path=folder / "escalation.png")
    page.locator("a[href*='/households/']").first.click()
    page.screenshot(path=folder / "household.png")


def take_of_the_app(demo: Demonstration, folder: Path) -> None:
    """Let the scripted practitioner use the app, and keep some of her pictures."""
    if demo.play(os.environ.get("DISPLAY", "")):
        raise SystemExit("The scripted practitioner could not finish.")
    for name, called in OF_THE_APP.items():
        [picture] = (demo.folder / "pictures").glob(f"*-{name}.png")
        shutil.copy(picture, folder / f"{called}.png")


def main(folder: Path) -> None:
    """Make an office below a folder that is thrown away, and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held, one_page() as page:
        demo = Demonstration(Path(held) / "demo", free_port())
        try:
            loaded = demo.make_office()
            demo.start_office()
            demo.enrol_phone(loaded["code"])
            take_of_the_app(demo, folder)
            take(page, demo, folder)
        finally:
            demo.stop_all()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
