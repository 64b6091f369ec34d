"""`make screens`: takes the README's pictures of the web, from a real office and browser."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from backend.demo_run import Demonstration, free_port
from backend.replay_page.page import page as page_of
from backend.replaying import read_book, read_file, replay
from tests.journeys.browser import one_page, sign_in

SUPERVISOR = "tm-ruth"
MOTIVATING_CASE = Path(__file__).parents[1] / "seeds" / "coventry-2022.yaml"


def take(page: Page, demo: Demonstration, folder: Path) -> None:
    """The queue, the gravest escalation, and its family."""
    sign_in(page, demo, SUPERVISOR)
    page.screenshot(path=folder / "queue.png")
    page.locator("a[href*='/escalations/']").first.click()
    page.screenshot(path=folder / "escalation.png")
    page.locator("a[href*='/households/']").first.click()
    page.screenshot(path=folder / "household.png")


def take_replay(page: Page, held: Path, folder: Path) -> None:
    """The picture on the page that a replay of the motivating case makes, without its heading."""
    book = read_book(None)
    file = held / "replay.html"
    file.write_text(page_of(replay(read_file(str(MOTIVATING_CASE), book), book)), "utf-8")
    browser = page.context.browser
    assert browser is not None
    # As on paper, where its rows are nearest together: a sheet of A4 on its side, and sharper.
    sheet = browser.new_page(viewport={"width": 1040, "height": 720}, device_scale_factor=1.5)
    sheet.goto(file.as_uri())
    sheet.emulate_media(media="print")
    sheet.add_style_tag(content="#picture h2 { display: none } #picture { padding: 8px }")
    sheet.locator("#picture").screenshot(path=folder / "replay-coventry.png")
    sheet.close()


def main(folder: Path) -> None:
    """Make an office below a folder that is thrown away, and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held, one_page() as page:
        take_replay(page, Path(held), folder)
        demo = Demonstration(Path(held) / "demo", free_port())
        try:
            demo.make_office()
            demo.start_office()
            take(page, demo, folder)
        finally:
            demo.stop_all()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
