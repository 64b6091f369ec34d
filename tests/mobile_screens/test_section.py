"""Answering: every kind of answer, saved only when committed, left and come back to."""

from __future__ import annotations

import threading

import pytest


@pytest.fixture
def at_question(at_families):
    """A visit to a family, at the page of a section about somebody."""

    def go(family: str, section: str, about: str | None = None):
        driver = at_families
        driver.app.go("family", household=family.lower())
        driver.on("family")
        driver.wait_text("What happened before")
        driver.tap(driver.app.screens.current_screen.start_words)
        driver.on("section")
        screen = driver.app.screens.current_screen
        driver.wait(lambda: screen.page is not None and screen.draft is not None, "the visit")
        page = next(p for p in screen._pages if (p.section, p.about) == (section, about))
        screen.turn_to(page)
        driver.frames(3)
        return driver, screen

    return go


def given(screen, item: str, about: str | None = None):
    return screen.draft.row(item, about).given


def saved(driver, screen) -> None:
    driver.wait(lambda: not screen.is_saving, "it to be saved")


def test_nothing_is_chosen_beforehand_and_last_time_stands_beside(at_question) -> None:
    driver, screen = at_question("Begum", "SLP", "sami")
    assert not [row for row in screen.rows if row.get("ground") == "wash"]
    assert driver.says("Last time. ")
    assert driver.says("Firm, flat") or driver.says("Own cot, crib")
    assert "Sami, 10 weeks" in screen.title


def test_one_choice_replaces_another(at_question) -> None:
    driver, screen = at_question("Begum", "SLP", "sami")
    driver.tap("On the side")
    driver.tap("On the back, every sleep")
    saved(driver, screen)
    assert given(screen, "SLP-03", "sami").value == "back"
    assert driver.says("Saved ")


def test_several_choices_and_the_one_that_stands_alone(at_question) -> None:
    driver, screen = at_question("Begum", "SLP", "sami")
    driver.tap("Soft toys")
    driver.tap("A pet can get in")
    saved(driver, screen)
    assert given(screen, "SLP-06", "sami").value == ("toy", "pet")
    driver.tap("Clear")
    saved(driver, screen)
    assert given(screen, "SLP-06", "sami").value == ("clear",)
    driver.tap("Clear")
    saved(driver, screen)
    assert given(screen, "SLP-06", "sami").value is None


def test_a_number_by_steps_and_typed_and_refused_in_words(at_question) -> None:
    driver, screen = at_question("Begum", "SLP", "sami")
    driver.scroll_to("Room temperature")
    driver.frames(3)
    driver.tap_icon("More")
    driver.tap_icon("More")
    saved(driver, screen)
    assert given(screen, "SLP-09", "sami").value == 18.5
    driver.tap("18.5 °C")
    driver.wait(lambda: any(hasattr(w, "close") for w in driver.app.layer.children), "the sheet")
    for _ in "18.5":
        driver.key("backspace")
    driver.type("warm")
    driver.tap("Save")
    driver.wait_text("is not a number")
    for _ in "warm":
        driver.key("backspace")
    driver.type("25,5")
    driver.tap("Save")
    saved(driver, screen)
    assert given(screen, "SLP-09", "sami").value == 25.5


def test_words_are_written_and_kept(at_question) -> None:
    driver, screen = at_question("Begum", "CHD", "sami")
    driver.tap("Tap to write")
    driver.type("Woke at six.")
    driver.tap("Save")
    saved(driver, screen)
    assert given(screen, "CHD-04", "sami").value == "Woke at six."
    driver.wait_text("Woke at six.")


def test_a_note_on_any_question_answered_or_not(at_question) -> None:
    driver, screen = at_question("Begum", "HYG", None)
    driver.tap("Add a note")
    driver.type("Bags of washing.")
    driver.tap("Save")
    saved(driver, screen)
    key = screen.rows[0]["key"]
    assert given(screen, *key).note == "Bags of washing."
    driver.wait_text("Bags of washing.")


def test_how_it_is_known_is_seen_until_she_says_who_told_her(at_question) -> None:
    driver, screen = at_question("Begum", "FED", "sami")
    driver.tap("Clean and sterilised")
    saved(driver, screen)
    assert given(screen, "FED-01", "sami").basis == "seen"
    driver.tap("Told")
    driver.wait_text("Who told you?")
    driver.tap("A parent or carer")
    saved(driver, screen)
    assert given(screen, "FED-01", "sami").basis == "told_by_parent"
    driver.wait_text("Told by a parent")


def test_could_not_check_needs_a_reason_and_never_counts_as_fine(at_question) -> None:
    driver, screen = at_question("Begum", "HLT", "sami")
    driver.tap("Could not check")
    driver.wait_text("Why could it not be checked?")
    driver.tap("Save")
    driver.wait_text("Say why it could not be checked.")
    driver.type("Asleep, wrapped")
    driver.tap("Save")
    saved(driver, screen)
    row = screen.draft.row("HLT-01", "sami")
    assert row.level == "U"
    assert row.given.reason == "Asleep, wrapped"
    driver.wait_text("Could not check: Asleep, wrapped")


def test_saved_is_said_only_once_it_is_committed(at_question) -> None:
    driver, screen = at_question("Begum", "SAF", None)
    hold = threading.Event()
    driver.app.phone.store.write(lambda db: hold.wait(10))
    driver.tap("Working")
    driver.wait_text("Saving…")
    key = next(row["key"] for row in screen.rows if row.get("act") == screen.choose)
    words = [line.text for row in screen.rows if row["key"] == key for line in row.get("lines", ())]
    assert not [each for each in words if each.startswith("Saved ")]
    hold.set()
    saved(driver, screen)
    driver.wait_text("Saved ")


def test_help_unfolds_under_its_question(at_question) -> None:
    driver, screen = at_question("Begum", "PAR", None)
    driver.tap("How to answer this")
    driver.wait_text("For a household with no child under 2")


def test_the_list_of_sections_counts_and_jumps(at_question) -> None:
    driver, screen = at_question("Begum", "ENG", "noor")
    driver.tap_icon("Sections")
    driver.wait_text("Next question without an answer")
    assert driver.says("of 11 answered")
    driver.tap("Next question without an answer")
    driver.frames(3)
    assert driver.app.screen_name == "section"


def test_a_row_that_was_asked_for_stays_while_the_list_is_given_its_size(at_question) -> None:
    driver, screen = at_question("Begum", "SLP", "sami")
    rows = screen.ids.list
    number = next(n for n, r in enumerate(screen.rows) if r.get("key") == ("SLP-04", "sami"))
    rows.to_top()
    usual = rows.height
    rows.show_row(number)
    driver.frames(2)
    place = rows.scroll_y
    rows.size_hint_y, rows.height = None, 100_000  # as a layout may have it for a moment
    driver.frames(1)
    rows.height = usual
    driver.frames(3)
    assert rows.scroll_y == pytest.approx(place, abs=0.02)
    assert driver.sees("What is the sleep surface like?")
