"""Before leaving, and the outbox."""

from __future__ import annotations

from types import SimpleNamespace

import pytest


@pytest.fixture
def visit(at_families):
    """A visit to a family begun by touches, and its answers given; at the review."""

    def go(family: str, *answers: tuple):
        driver = at_families
        driver.app.go("family", household=family.lower())
        driver.on("family")
        driver.wait_text("What happened before")
        driver.tap(driver.app.screens.current_screen.start_words)
        driver.on("section")
        screen = driver.app.screens.current_screen
        driver.wait(lambda: screen.draft is not None and screen.page is not None, "the visit")
        for item, value, about in answers:
            screen.draft.answer(item, value, driver.app.now(), about).result()
        driver.tap_icon("Sections")
        driver.tap("See what to do, and finish")
        driver.on("leaving")
        review = driver.app.screens.current_screen
        driver.wait(lambda: review.draft is not None, "the review")
        driver.frames(3)
        return driver, review

    return go


def test_a_visit_without_its_first_answer_cannot_be_finished_and_says_why(visit) -> None:
    driver, review = visit("Novak")
    assert not review.can_finish
    assert driver.says("This visit cannot be finished yet")
    driver.tap("Finish visit")
    assert driver.app.screen_name == "leaving"


def test_immediate_danger_shows_999_with_what_to_say_and_numbers(visit) -> None:
    driver, review = visit("Pryce", ("ACC-01", "in", None), ("PAR-01", ["charge"], None))
    for words in ("Immediate danger", "Call 999 and say", "Tell your manager", "left"):
        driver.wait_text(words, 5.0)


def test_what_is_missing_is_listed_and_leads_to_its_question(visit) -> None:
    driver, review = visit("Sandhu", ("ACC-01", "in", None))
    assert driver.says("Not answered")
    assert driver.says("more")
    driver.tap("Which children did you see, and how?")
    driver.on("section")
    driver.wait_text("Which children did you see")


def test_could_not_check_is_listed_apart(visit) -> None:
    driver, review = visit("Whitlock", ("ACC-01", "in", None), ("HLT-01", "unk", "kid"))
    assert driver.says("Could not check")
    assert driver.says("Any bruise, mark")


def test_nothing_to_do_is_never_said_to_be_low_risk(visit) -> None:
    driver, review = visit("Novak", ("ACC-01", "in", None), ("ACC-03", "awake", "kid"))
    said = words_of(review)
    assert "Nothing you recorded asks for a call" in said
    assert "low risk" not in said.lower()
    assert "score" not in said.lower()


def words_of(screen) -> str:
    """Everything that the list of a screen says."""
    return " ".join(line.text for row in screen.rows for line in row.get("lines", ()))


def test_what_cannot_be_told_is_folded_to_a_line_and_unfolds_to_its_questions(visit) -> None:
    driver, review = visit("Begum", ("ACC-01", "in", None), ("SLP-02", "told", "sami"))
    said = words_of(review)
    assert "An open question is not a “no”" in said
    assert "Immediate danger: cannot be told yet" in said
    assert "Injury in a non-mobile child: cannot be told yet Sami and Noor: 2 questions" in said
    assert "Who is the sober adult in charge tonight?" not in said
    driver.tap("Immediate danger: cannot be told yet")
    driver.wait_text("Who is the sober adult in charge tonight?")
    assert driver.says("Sami: could not check: Told about it, not seen")
    assert driver.says("Rina Begum: not answered")
    driver.tap("Immediate danger: cannot be told yet")
    driver.wait(lambda: "sober adult" not in words_of(review), "it folded away again")


def test_each_question_that_would_tell_leads_back_to_where_it_is_answered(visit) -> None:
    driver, review = visit("Begum", ("ACC-01", "in", None))
    driver.tap("Injury in a non-mobile child: cannot be told yet")
    driver.wait_text("Noor: not answered")
    driver.tap("Noor: not answered")
    driver.on("section")
    screen = driver.app.screens.current_screen
    driver.wait(lambda: "Noor" in screen.title, "the page about Noor")
    driver.wait_text("Any bruise, mark")
    driver.tap("None, all visible skin looked at")
    driver.wait(lambda: not screen.is_saving, "the answer to be saved")
    driver.tap_icon("Back")
    driver.on("leaving")
    driver.wait_text("Sami: 1 question not answered")


def test_one_question_that_would_tell_is_shown_at_once(visit) -> None:
    driver, review = visit("Sandhu", ("ACC-01", "in", None))
    rows = [" ".join(line.text for line in row.get("lines", ())) for row in review.rows]
    at = rows.index(
        "Injury in a non-mobile child: cannot be told yet Arjun: 1 question not answered"
    )
    assert rows[at + 1].startswith("Any bruise, mark")


def test_a_finished_visit_says_what_it_could_not_tell_and_leads_nowhere_back(visit) -> None:
    driver, review = visit("Sandhu", ("ACC-01", "in", None), ("ACC-03", "awake", "kid"))
    driver.tap("Finish visit")
    driver.on("families")
    driver.wait_text("Could not be told: Immediate danger, Injury in a non-mobile child and Rough")
    driver.app.go("family", household="sandhu")
    driver.on("family")
    driver.wait_text("Could not be told, today")
    assert driver.says("Injury in a non-mobile child, Arjun: 1 question open")
    driver.tap("Could not be told, today")
    driver.on("doorstep")
    driver.settled()
    screen = driver.app.screens.current_screen
    assert screen.title == "The visit"
    driver.tap("Immediate danger: could not be told")
    driver.wait_text("Who is the sober adult in charge tonight?")
    questions = [row for row in screen.rows if "sober adult" in str(row.get("lines"))]
    assert [row.get("act") for row in questions] == [None]


def test_a_long_reason_is_cut_short_until_its_card_is_touched(visit) -> None:
    driver, review = visit("Whitlock", ("ACC-01", "in", None))
    driver.tap("Finish visit")
    driver.on("families")
    driver.settled()
    driver, review = visit("Whitlock", ("ACC-01", "in", None))
    running = "not found out on two visits running"
    assert "(ACC-03) about Rose, not answered on" in words_of(review)
    assert running not in words_of(review)
    driver.tap("(ACC-03) about Rose, not answered on")
    driver.wait(lambda: running in words_of(review), "the whole reason")
    driver.tap("(ACC-03) about Rose, not answered on")
    driver.wait(lambda: running not in words_of(review), "it folded again")


def test_a_finished_visit_stands_in_the_outbox_as_saved_on_this_device(visit) -> None:
    driver, review = visit("Novak", ("ACC-01", "in", None))
    driver.tap("Finish visit")
    driver.on("families")
    driver.wait_text("The visit is saved on this device")
    driver.tap_icon("Sent and not sent")
    driver.on("outbox")
    driver.wait_text("Novak")
    assert driver.says("Saved on this device") or driver.says("Sending")


def test_each_state_is_said_in_words_and_by_an_icon(at_families) -> None:
    driver = at_families
    driver.app.go("outbox")
    driver.on("outbox")
    driver.settled()
    screen = driver.app.screens.current_screen

    def row(state: str, words: str, reason: str = "") -> SimpleNamespace:
        return SimpleNamespace(
            id=state, family=f"Family {state}", kind_words="Visit, today 10:30", state=state,
            words=words, reason=reason,
        )  # fmt: skip

    screen.show(
        [
            row("safe", "Safe with the office, 14:05"),
            row("sending", "Sending"),
            row("saved", "Saved on this device"),
            row("attention", "Needs attention", "The office could not read it."),
        ],
        [], "Last contact 14:05", "",
    )  # fmt: skip
    driver.frames(3)
    said = [(line.text, line.icon) for r in screen.rows for line in r["lines"] if line.icon]
    assert said == [
        ("Needs attention", "attention"),
        ("Sending", "sending"),
        ("Saved on this device", "device"),
        ("Safe with the office, 14:05", "safe"),
    ]
    assert driver.says("The office could not read it.")


def test_an_empty_outbox_says_what_will_appear(at_families) -> None:
    driver = at_families
    driver.app.go("outbox")
    driver.on("outbox")
    driver.settled()
    driver.app.screens.current_screen.show([], [], "", "")
    driver.wait_text("Nothing recorded yet")
