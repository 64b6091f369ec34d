"""Takes the pictures of the app for the README, on a practice phone, in both appearances."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mobile.driver import Driver
from mobile.practice import PIN, make_practice_phone

APPEARANCES = ("light", "dark")


def take(driver: Driver, shot: Callable[[str], None]) -> None:
    """Go through the screens as a practitioner would, and take each."""
    driver.on("unlock")
    for digit in PIN[:3]:
        driver.tap_icon(f"digit {digit}")
    shot("unlock")
    for digit in PIN[3:]:
        driver.tap_icon(f"digit {digit}")
    driver.tap_icon("Unlock")
    driver.on("families")
    driver.wait_text("No signal")
    shot("families")
    _refused(driver, shot)
    _visit(driver, shot)


def _refused(driver: Driver, shot: Callable[[str], None]) -> None:
    driver.tap("Hartley")
    driver.on("family")
    driver.wait_text("From the office")
    shot("family")
    driver.tap("No access")
    driver.wait_text("What happened at the door?")
    shot("no-access")
    driver.tap("Refused at the door")
    screen = driver.app.screens.current_screen
    driver.wait(lambda: screen.recorded, "what the plan demands")
    driver.wait_text("No-access condition met")
    driver.frames(5)
    shot("doorstep")
    driver.tap("Log the call")
    driver.wait_text("How did it end?")
    driver.tap("Police are coming")
    shot("log-a-call")
    driver.tap("Save the log")
    driver.wait_text("Police are coming")
    driver.tap("Back to families")
    driver.on("families")
    driver.tap("Hartley")
    driver.wait_text("Still to do by you")
    shot("still-to-do")
    driver.tap_icon("Back")
    driver.on("families")


def _visit(driver: Driver, shot: Callable[[str], None]) -> None:
    driver.tap("Begum")
    driver.on("family")
    driver.tap("Start visit")
    driver.on("section")
    screen = driver.app.screens.current_screen
    _answer(driver, "Let in, visit completed")
    _answer(driver, "Announced")
    driver.tap_icon("Sections")
    driver.wait_text("Next question without an answer")
    shot("sections")
    driver.tap("of 11 answered")
    driver.wait(lambda: "Sami" in screen.title, "the page about sleep")
    _answer(driver, "Own cot, crib")
    _answer(driver, "In a bed with an adult")
    screen.ids.list.to_top()
    shot("section")
    _answer(driver, "Gap round the mattress")
    driver.tap_icon("Sections")
    driver.tap("See what to do, and finish")
    driver.on("leaving")
    driver.wait(lambda: driver.app.screens.current_screen.draft is not None, "the review")
    shot("before-leaving")
    driver.tap("Finish visit")
    driver.on("families")
    driver.tap_icon("Sent and not sent")
    driver.on("outbox")
    driver.wait_text("Not with the office yet")
    shot("outbox")


def _answer(driver: Driver, words: str) -> None:
    driver.tap(words)
    screen = driver.app.screens.current_screen
    driver.wait(lambda: not screen.is_saving, f"{words!r} to be saved")


def main() -> int:
    """The command: PNGs `app-NAME.png` and `app-NAME-dark.png` in the folder chosen."""
    parser = argparse.ArgumentParser(description="Takes the pictures of the phone app.")
    parser.add_argument("--pictures", type=Path, default=Path("docs/pictures"))
    folder = parser.parse_args().pictures
    for appearance in APPEARANCES:
        with tempfile.TemporaryDirectory() as held:
            home = Path(held) / "phone"
            make_practice_phone(home, datetime.now(UTC))
            driver = Driver.start(home, appearance=appearance)
            end = "-dark" if appearance == "dark" else ""

            def shot(name: str, driver: Driver = driver, end: str = end) -> None:
                driver.frames(8)
                sys.stdout.write(f"{driver.shot(folder / f'app-{name}{end}.png')}\n")

            try:
                take(driver, shot)
            finally:
                driver.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
