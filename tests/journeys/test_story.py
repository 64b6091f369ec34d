"""The whole story with real processes: refused at a door without signal, decided at a desk."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from backend.demo_run import Demonstration
from tests.journeys.browser import sign_in
from tests.journeys.conftest import Phone

ON_A_PLAN, QUIET = "Marsh", "Kowalska"
SUPERVISOR, SUPERVISOR_NAME = "tm-ruth", "Ruth Calder"
REASON = "Police attended and saw Ellie awake and well. Discussion held at 14:00 as planned."
OFFICE_PATIENCE = 50  # seconds; the phone looks again by itself after at most half of it


def unlock(phone: Phone, demo: Demonstration) -> None:
    """Type the PIN and wait for the families."""
    phone.enter_pin(demo.pin)
    phone.on("families")
    phone.wait_text("Most urgent first")


def open_family(phone: Phone, name: str) -> None:
    """Open a family from the list."""
    phone.wait_text(name)
    phone.tap(name)
    phone.on("family")
    phone.wait_text("What happened before")


def refused_without_signal(phone: Phone) -> None:
    """No access, Refused: what the plan demands, whom to call, and by when; the call is logged."""
    open_family(phone, ON_A_PLAN)
    assert "No-access condition" in phone.words()
    phone.tap("No access")
    phone.on("doorstep")
    phone.wait_text("What happened at the door?")
    phone.tap("Refused at the door")
    phone.wait_text("No-access condition met")
    said = phone.words()
    assert "Saved on this device" in said
    assert phone.says("call the police and the team manager within the hour")
    assert phone.says("Call the police"), said
    assert re.search(r"by \d\d:\d\d", said), said
    assert phone.says("999") or phone.says("101"), said


def log_the_call(phone: Phone) -> None:
    """She called the police; how it ended and its number go on record."""
    phone.tap("Log the call")
    phone.wait_text("How did it end?")
    phone.tap("Police are coming")
    phone.tap_icon("Reference or log number")
    phone.type("P-20471")
    phone.tap("Save the log")
    phone.wait_text("P-20471")


def half_a_visit(phone: Phone) -> None:
    """An ordinary visit is begun elsewhere, and left after two answers."""
    open_family(phone, QUIET)
    phone.tap("Start visit")
    phone.on("section")
    phone.tap("Let in, visit completed")
    phone.tap("Announced")
    phone.wait_text("2 of")


def the_other_half(phone: Phone) -> None:
    """She comes back to the same place, goes on, and finishes."""
    phone.wait_text("Visit not finished")
    phone.tap(QUIET)  # the first card with her name is the unfinished visit
    phone.on("section")
    phone.wait_text("2 of")
    phone.tap("Next")
    phone.wait_text("Which children did you see")
    phone.tap("Seen awake, and (baby) held")
    phone.tap_icon("Sections")
    phone.tap("See what to do, and finish")
    phone.on("leaving")
    phone.wait_text("Nothing you recorded asks for a call before you leave.")
    phone.wait_text("Immediate danger: cannot be told yet")
    phone.tap("Finish visit")
    phone.on("families")


def the_queue_shows_it(page: Page, demo: Demonstration) -> None:
    """The supervisor sees it with why, what is required of whom, and the time left."""
    sign_in(page, demo, SUPERVISOR)
    row = page.locator("li.t-row", has_text=ON_A_PLAN).filter(has_text="No-access condition met")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Nobody")
    expect(row).to_contain_text(re.compile(r"Due in \d+ minutes"))
    row.get_by_role("link").first.click()
    main = page.locator("main")
    expect(main).to_contain_text("Refused at the door")
    expect(main).to_contain_text("What is required, of whom, by when")
    expect(main).to_contain_text("Amara Osei")
    expect(main).to_contain_text("P-20471")


def she_answers(page: Page) -> None:
    """Acknowledges, then decides with her reason."""
    page.get_by_role("button", name="I am taking this up").click()
    expect(page.get_by_role("status")).to_contain_text("You have taken this up")
    page.get_by_role("radio").first.check()
    page.get_by_label("Why?").fill(REASON)
    page.get_by_role("button", name="Record this decision").click()
    expect(page.get_by_role("status")).to_contain_text("Your decision is recorded")
    expect(page.locator("main")).to_contain_text(REASON)


def the_gap_is_said(page: Page, demo: Demonstration) -> None:
    """What the other visit could not tell stands with the family, each question in words."""
    page.goto(f"{demo.address}/families?told=no")
    page.get_by_role("link", name=QUIET, exact=True).click()
    gap = page.locator("#left-open")
    expect(gap).to_contain_text("Immediate danger (R01)")
    gap.locator("summary").first.click()
    expect(gap).to_contain_text("Signs of drink or drugs today")
    expect(gap.get_by_text("Not answered", exact=True).first).to_be_visible()


def test_from_the_door_to_the_decision(
    demo: Demonstration, open_phone: Callable[[], Phone], page: Page
) -> None:
    phone = open_phone()
    unlock(phone, demo)
    phone.wait_text("No-access condition", OFFICE_PATIENCE)

    demo.stop("office")
    assert not demo.office_answers()
    refused_without_signal(phone)
    log_the_call(phone)
    phone.kill()  # right after it said that both are saved

    phone = open_phone()
    unlock(phone, demo)
    half_a_visit(phone)
    phone.kill()  # half-way through

    phone = open_phone()
    unlock(phone, demo)
    the_other_half(phone)
    phone.tap_icon("Sent and not sent")
    phone.on("outbox")
    phone.wait_text("Not with the office yet")
    assert not phone.says("Safe with the office")

    demo.start_office()  # and nobody touches the phone
    phone.wait_text("Safe with the office", OFFICE_PATIENCE)
    phone.wait_text(QUIET)

    the_queue_shows_it(page, demo)
    she_answers(page)
    the_gap_is_said(page, demo)

    phone.tap_icon("Back")
    phone.on("families")
    open_family(phone, ON_A_PLAN)
    phone.wait_text(f"Decided by {SUPERVISOR_NAME}", OFFICE_PATIENCE)
    assert phone.says(REASON)

    demo.threshold("rebuild", "--check")  # raises when what is stored differs
    assert "whole" in demo.threshold("audit", "verify")
