"""No access: two taps, saved before the screen changes, then what the plan demands."""

from __future__ import annotations

import pytest


@pytest.fixture
def at_the_door(at_families):
    """The door of a family, by its name."""

    def go(name: str):
        at_families.tap(name)
        at_families.on("family")
        at_families.tap("No access")
        at_families.on("doorstep")
        at_families.wait_text("What happened at the door?")
        return at_families

    return go


def recorded(driver):
    screen = driver.app.screens.current_screen
    driver.wait(lambda: screen.recorded, "what has to happen")
    driver.frames(3)
    return screen


def test_two_taps_record_a_refusal_and_show_what_the_plan_demands(at_the_door) -> None:
    driver = at_the_door("Hartley")
    driver.tap("Refused at the door")
    screen = recorded(driver)
    assert driver.app.phone.sync.state_of(screen.visit).state in ("saved", "sending")
    for words in (
        "If nobody lets you in", "No-access condition met",
        "Call the police", "minutes left", "Police", "Tell your manager",
        "Team manager on duty: 01632 960114", "was last seen awake by us",
    ):  # fmt: skip
        driver.wait_text(words, 5.0)
    assert driver.says("Saved on this device") or driver.says("Sending")
    assert "tomorrow" not in driver.words().replace("tomorrow,", "")
    assert "low risk" not in driver.words().lower()


def test_a_call_is_logged_with_outcome_and_reference(at_the_door) -> None:
    driver = at_the_door("Hartley")
    driver.tap("Refused at the door")
    recorded(driver)
    driver.tap("Log the call")
    driver.wait_text("How did it end?")
    driver.tap("Save the log")
    driver.wait_text("Say how it ended.")
    driver.tap("Attended, did not enter")
    driver.tap_icon("Reference or log number")
    driver.type("P-77")
    driver.tap("Save the log")
    driver.wait_text("Attended, did not enter")
    driver.wait_text("P-77")


def test_what_is_still_to_do_is_found_again_on_the_familys_page(at_the_door) -> None:
    driver = at_the_door("Hartley")
    driver.tap("Refused at the door")
    recorded(driver)
    driver.tap("Back to families")
    driver.on("families")
    driver.tap("Hartley")
    driver.on("family")
    driver.wait_text("Still to do by you")
    driver.tap("Still to do by you")
    recorded(driver)
    driver.tap("Log the call")
    driver.wait_text("How did it end?")
    driver.tap("Spoke to them")
    driver.tap("Save the log")
    driver.wait_text("Done today")


def test_no_answer_asks_first_whether_the_visit_was_expected(at_the_door) -> None:
    driver = at_the_door("Hartley")
    driver.tap("No answer, no sign")
    driver.wait_text("This decides what must happen next")
    screen = driver.app.screens.current_screen
    assert screen.visit is None
    sheet = next(w for w in driver.app.layer.children if hasattr(w, "close"))
    driver.tap(driver.find("Expected", where=lambda w: sheet in list(ancestors(w))))
    recorded(driver)
    driver.wait_text("Call the police")


def ancestors(widget):
    while widget.parent is not None and widget.parent is not widget:
        widget = widget.parent
        yield widget


def test_a_child_in_danger_goes_straight_to_999_and_what_to_say(at_the_door) -> None:
    driver = at_the_door("Begum")
    driver.tap("Child in danger")
    screen = recorded(driver)
    words = [line.text for row in screen.rows[:3] for line in row.get("lines", ())]
    assert "Call 999 and say" in words
    assert driver.says("5 Orchard Close")
    assert driver.says("Sami, 10 weeks and Noor")
    driver.tap("Call 999")
    driver.wait_text("Call 999")


def test_a_child_kept_from_her_is_a_visit_with_that_answer(at_the_door) -> None:
    driver = at_the_door("Hartley")
    driver.tap("Let in, but a child was kept from me")
    driver.wait_text("Which child were you not allowed to see?")
    driver.tap("Ben, 2 years")
    driver.on("leaving")
    driver.wait_text("No-access condition met")
    draft = driver.app.screens.current_screen.draft
    assert draft.row("ACC-03", "ben").given.value == "withheld"
    assert draft.row("ACC-01").given.value == "part"


def test_going_back_records_nothing(at_the_door) -> None:
    driver = at_the_door("Novak")
    before = len(driver.app.phone.sync.rows())
    driver.tap("Go back")
    driver.on("family")
    assert len(driver.app.phone.sync.rows()) == before
