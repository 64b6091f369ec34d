"""The scripted practitioner: two visits recorded by real touches, told line by line as they go."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mobile.cannot_tell import rules_words
from mobile.driver import Driver, NotShown
from mobile.wording import clock_words

OFFICE_PATIENCE = 90.0  # seconds for the office to receive and judge what was sent
ANSWERS = ("Let in, visit completed", "Announced", "Sleep place(s), kitchen, bathroom")


class Practitioner:
    """Touches the app and says what she does; `tell` gets each line, pictures go to a folder."""

    def __init__(self, driver: Driver, pictures: Path, tell: Callable[[str], None]) -> None:
        self.driver, self.pictures, self._tell = driver, pictures, tell
        self._taken = 0

    def say(self, words: str) -> None:
        """One line, with the time."""
        self._tell(f"{clock_words(datetime.now(UTC))}  {words}")

    def picture(self, name: str) -> None:
        """Save what is on the screen and say where."""
        self._taken += 1
        path = self.driver.shot(self.pictures / f"{self._taken:02d}-{name}.png")
        self._tell(f"       picture: {path}")

    @property
    def phone(self) -> Any:
        """The open phone, for what a person would read off its screen."""
        return self.driver.app.phone

    def unlock(self, pin: str) -> None:
        """Open the app with her PIN and wait for her families."""
        self.picture("unlock")
        self.say("The practitioner unlocks the app with her PIN.")
        self.driver.enter_pin(pin)
        self.driver.on("families")
        self.driver.wait(lambda: self._families(), "families on the phone", OFFICE_PATIENCE)
        self.driver.frames(20)
        self.say(f"She sees {len(self._families())} families, the most urgent first.")
        self.picture("families")

    def refused(self) -> tuple[str, str]:
        """The family whose plan has the no-access condition refuses; she logs the call."""
        row = next(row for row in self._families() if "No-access" in row.plan)
        self._open(row)
        self.say(f"{row.name}: {row.plan}")
        self.picture("family")
        self.driver.tap("No access")
        self.driver.on("doorstep")
        self.driver.wait_text("What happened at the door?")
        self.picture("no-access")
        self.driver.tap("Refused at the door")
        self.driver.wait(lambda: self.driver.app.screens.current_screen.recorded, "the demand")
        visit = self.driver.app.screens.current_screen.visit
        self.say("Two taps: No access, Refused. The visit was saved before the screen changed.")
        for todo in self._todos(row.id, visit):
            self.say(f"   {todo.who_words.capitalize()}: {todo.label}, {todo.due_words}")
        self.picture("what-the-plan-demands")
        self._log_call()
        self.picture("call-logged")
        return row.id, visit

    def _todos(self, household: str, visit: str) -> list[Any]:
        advice = self.phone.guidance.of_visit(household, visit, self.driver.app.now())
        return [todo for shown in advice.findings for todo in shown.actions]

    def _log_call(self) -> None:
        self.driver.tap("Log the call")
        self.driver.wait_text("How did it end?")
        self.driver.tap("Police are coming")
        self.driver.tap_icon("Reference or log number")
        self.driver.type("P-20471")
        self.driver.tap("Save the log")
        self.driver.wait_text("P-20471")
        self.say("She calls the police and logs it: they are coming, reference P-20471.")

    def ordinary(self) -> str:
        """An ordinary visit to a quiet family, left half-way, gone on with, and finished."""
        self.driver.tap("Back to families")
        self.driver.on("families")
        row = next(row for row in self._families()[::-1] if not row.plan and not row.escalations)
        self._open(row)
        self.driver.tap("Start visit")
        self.driver.on("section")
        self.say(f"{row.name}: an ordinary visit begins.")
        for answer in ANSWERS[:2]:
            self._answer(answer)
        self.picture("questions")
        visit = self.driver.app.screens.current_screen.draft.id
        self.driver.tap_icon("Back")
        self.driver.on("family")
        self.say("She leaves half-way. What she answered is saved.")
        self.driver.tap("Continue visit")
        self.driver.on("section")
        self.say("She comes back to the same place and goes on.")
        self._answer(ANSWERS[2])
        self.driver.tap("Next")
        self.driver.wait_text("Which children did you see")
        self._answer("Seen awake, and (baby) held")
        self.picture("one-child-at-a-time")
        self._finish()
        return visit

    def _answer(self, words: str) -> None:
        self.driver.tap(words)
        screen = self.driver.app.screens.current_screen
        self.driver.wait(lambda: not screen.is_saving, f"{words!r} to be saved")
        self.say(f"   {words}: saved on this device.")

    def _finish(self) -> None:
        self.driver.tap_icon("Sections")
        self.driver.tap("See what to do, and finish")
        self.driver.on("leaving")
        self.driver.wait(lambda: self.driver.app.screens.current_screen.can_finish, "the review")
        self.driver.frames(5)
        draft = self.driver.app.screens.current_screen.draft
        unknown = self.phone.guidance.of_draft(draft, self.driver.app.now()).cannot_tell
        self.say("Before she leaves, the app says what it cannot tell yet:")
        self.say(f"   {rules_words(unknown)}.")
        self.picture("before-leaving")
        self.driver.tap("Finish visit")
        self.driver.on("families")
        self.say("She reads what to do before leaving, and finishes the visit.")

    def sent(self, *visits: str) -> None:
        """Wait until the office has them, and say so in the outbox's words."""
        self.driver.tap_icon("Sent and not sent")
        self.driver.on("outbox")
        for visit in visits:
            self.driver.wait(
                lambda visit=visit: self._state(visit) == "safe",
                "the office to say that it has the visit",
                OFFICE_PATIENCE,
            )
            row = self.phone.sync.state_of(visit)
            self.say(f"{row.family}, {row.kind_words}: {row.words}")
        self.driver.frames(20)
        self.picture("outbox")

    def _state(self, visit: str) -> str:
        row = self.phone.sync.state_of(visit)
        return row.state if row else ""

    def escalated(self, household: str) -> None:
        """Wait until the office's own escalation has come back to the phone, and read it out."""
        self.driver.wait(lambda: self._from_office(household), "the office's escalation",
                         OFFICE_PATIENCE)  # fmt: skip
        for each in self._from_office(household):
            self.say(f"The office raised: {each.name}. {each.state}.")
            self.say(f"   Why: {each.because}")
        self.driver.tap_icon("Back")
        self.driver.on("families")
        self._open(next(row for row in self._families() if row.id == household))
        self.picture("what-the-office-says")
        self.say("A supervisor's answer appears here after the next contact with the office.")

    def _from_office(self, household: str) -> list[Any]:
        known = {doc["id"] for doc in self.phone.caseload.escalations(household)}
        page = self.phone.families.page(household, self.driver.app.now())
        return [each for each in page.escalations if each.id in known and each.is_open]

    def _families(self) -> list[Any]:
        return self.phone.families.rows(self.driver.app.now())

    def _open(self, row: Any) -> None:
        self.driver.wait_text(row.name)
        self.driver.tap(row.name)
        self.driver.on("family")
        self.driver.wait_text("What happened before")
        self.driver.frames(3)


def play(home: Path, pin: str, pictures: Path, tell: Callable[[str], None]) -> None:
    """The whole story on the enrolled phone in `home`; raises NotShown where it stops."""
    driver = Driver.start(home)
    try:
        she = Practitioner(driver, pictures, tell)
        she.unlock(pin)
        household, refused = she.refused()
        ordinary = she.ordinary()
        she.sent(refused, ordinary)
        she.escalated(household)
    finally:
        driver.close()


def main() -> int:
    """The command: 0 when the story came to its end, 1 with the sentence where it stopped."""
    parser = argparse.ArgumentParser(description="A scripted practitioner uses the phone app.")
    parser.add_argument("--home", type=Path, required=True, help="folder of the enrolled phone")
    parser.add_argument("--pin", required=True)
    parser.add_argument("--pictures", type=Path, default=Path("var/pictures"))
    parser.add_argument("--server", help="not needed: the phone knows its office")
    chosen = parser.parse_args()

    def tell(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    try:
        play(chosen.home, chosen.pin, chosen.pictures, tell)
    except NotShown as stopped:
        sys.stderr.write(f"The demonstration stopped: {stopped}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
