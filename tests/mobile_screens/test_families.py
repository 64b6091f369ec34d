"""The list of families, and one family's page."""

from __future__ import annotations

from types import SimpleNamespace

from mobile.screens.families import Office


def shown(**over) -> dict:
    """What the list is given when nothing is on the phone."""
    return {
        "families": [], "office": {}, "sections": {}, "trouble": "", "drafts": [], "who": "Amara",
        "unsent": 0, "attention": 0, "contact": "", "banner": "", **over,
    }  # fmt: skip


def family(number: int, **over) -> SimpleNamespace:
    known = {
        "id": f"f{number}", "name": f"Family {number}", "address": "", "children": (), "plan": "",
        "level": "", "escalations": 0, "last_words": "", "draft": None, "unsent": 0,
    }  # fmt: skip
    return SimpleNamespace(**{**known, **over})


def test_the_most_urgent_family_comes_first_with_its_level_in_words(at_families) -> None:
    driver = at_families
    cards = [row for row in driver.app.screens.current_screen.rows if row.get("payload")]
    first = "\n".join(line.text for line in cards[0]["lines"])
    assert "Okafor" in first
    assert "Immediate danger" in first
    assert "Acknowledged by Ruth Calder" in first


def test_a_family_says_its_children_plan_and_the_offices_decision(at_families) -> None:
    driver = at_families
    driver.scroll_to("Hartley")
    assert driver.sees("Ada, 4 months")
    assert driver.sees("Child protection plan. No-access condition.")
    assert driver.sees("Decided by Ruth Calder")


def test_no_signal_is_said_calmly(at_families) -> None:
    at_families.wait_text("No signal. You can keep working.")


def test_send_now_ends_in_a_sentence(at_families) -> None:
    driver = at_families
    driver.tap("Send now")
    driver.wait(lambda: not driver.app.screens.current_screen.sending, "the outcome")
    driver.wait_text("No signal")


def test_without_families_it_says_what_comes_next(at_families) -> None:
    driver = at_families
    driver.settled()
    driver.app.screens.current_screen.show(**shown())
    driver.wait_text("No families on this phone yet")
    driver.app.screens.current_screen.show(**shown(), loaded=False)
    driver.wait_text("Getting your families…")


def test_hundreds_of_families_make_only_a_screenful_of_widgets(at_families) -> None:
    driver = at_families
    driver.settled()
    screen = driver.app.screens.current_screen
    many = [family(n, level="S", escalations=1) for n in range(400)]
    screen.show(**shown(families=many, office={"f0": Office("No safe sleep place tonight")}))
    driver.wait_text("Family 399")
    words = "Significant concern: No safe sleep place tonight"
    driver.wait(lambda: driver.sees(words), words)
    assert len(screen.ids.list.layout_manager.children) < 30


def test_what_could_not_be_saved_is_the_first_thing_on_the_screen(at_families) -> None:
    driver = at_families
    driver.settled()
    screen = driver.app.screens.current_screen
    screen.show(**shown(trouble="The phone is full.", families=[family(1)]))
    assert screen.rows[0]["lines"][0].text == "Not saved"
    assert screen.rows[0]["lines"][1].text == "The phone is full."


def test_one_family_shows_plan_people_numbers_and_the_offices_reason(at_families) -> None:
    driver = at_families
    driver.tap("Hartley")
    driver.on("family")
    driver.wait_text("From the office")
    for words in (
        "If nobody lets you in", "It counts when:", "Ada, 4 months",
        "Kelly Hartley, mother", "07700 900123", "Team manager on duty",
        "Two sheets and a mattress cover", "Visit by Amara Osei",
    ):  # fmt: skip
        driver.wait_text(words, 5.0)
    driver.tap("Call the family")
    driver.wait_text("Call 07700 900123")
