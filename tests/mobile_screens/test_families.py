"""The list of families, and one family's page."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from mobile.practice import page_of
from mobile.screens.families import Office
from shared.facts import (
    ActionDone,
    Answer,
    Arrival,
    Child,
    Event,
    Household,
    HouseholdRecorded,
    Visit,
)


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


def expecting(now: datetime) -> tuple[Household, list[Event]]:
    """A family with a concern, and a pregnancy: what that asks has no date yet."""
    home = Household(
        id="ferris",
        name="Ferris",
        children=(
            Child(id="lou", name="Lou", born=now.date() - timedelta(days=500)),
            Child(id="bump", due=now.date() + timedelta(days=60)),
        ),
    )
    times = [now - timedelta(minutes=minutes) for minutes in (90, 60, 30)]
    who, seen, told = [{"at": at, "received_at": at, "by": "hv-amara"} for at in times]
    wet = Answer(item="SLP-05", value="wet", about="lou")
    return home, [
        HouseholdRecorded(id="ferris-who", household=home, **who),
        Visit(id="ferris-1", answers=(Answer(item="ACC-01", value="in"), wet), **seen),
        Arrival(id="ferris-2", kind="pregnancy", child="bump", **told),
        ActionDone(
            id="ferris-3",
            action="pre_birth_or_new_baby_referral",
            rule="R15",
            on="ferris-2",
            **told,
        ),
    ]


def test_what_has_no_date_yet_says_on_every_screen_what_it_comes_before(at_families) -> None:
    driver, words = at_families, "before the first night at home"
    now = driver.app.now()
    caseload = driver.app.phone.caseload
    caseload.apply(page_of([expecting(now)], now)).result()
    driver.app.go("families", top=True)
    driver.on("families")
    driver.wait_text("Ferris")
    driver.tap("Ferris")
    driver.on("family")
    driver.wait_text("Still to do by you")
    assert driver.says(f"Check where the baby will sleep at home, {words}")
    driver.tap("Still to do by you")
    driver.on("doorstep")
    driver.settled()
    screen = driver.app.screens.current_screen
    assert screen.title == "Still to do"
    assert driver.says(f"You, {words}")
    assert screen.clock_lines == ()
    driver.tap("Mark as done")
    driver.wait_text("How did it end?")


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
