"""The pages in a real browser before a real office: with scripts and without, wide and narrow."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from backend.demo_run import free_port
from tests.web.office import PASSWORD, World

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = ROOT / "backend" / "web" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTS_WITHIN_S = 30
# Buttons, fields and links that stand alone: what a thumb must hit. Links within a sentence
# are held to axe's own rule.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    'button, select, input:not([type=hidden]):not([type=radio]), textarea, .t-choice, .t-big-link'
  )].filter(e => e.checkVisibility())
  .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
  .filter(([_, box]) => box.height < 44 || box.width < 44).map(([html, _]) => html)"""
TOO_WIDE = """() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .filter(e => !e.closest('.govuk-visually-hidden, .govuk-skip-link, .t-preview'))
  .map(e => e.outerHTML.slice(0, 80))"""


@dataclass(frozen=True)
class Served:
    """An office that answers on loopback, and what is in it."""

    address: str
    world: World
    signed_in: dict[str, Any]


def answers(address: str) -> bool:
    """Whether the office answers yet."""
    try:
        with urllib.request.urlopen(f"{address}/login", timeout=1) as reply:  # noqa: S310 - ours
            return bool(reply.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="module")
def served(made: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`threshold serve` as a process, over a copy of the invented office."""
    path, world = made
    copy = tmp_path_factory.mktemp("served") / "office.db"
    shutil.copyfile(path, copy)
    port = free_port(8800, 200)
    environment = {
        **os.environ,
        "THRESHOLD_MODE": "development",
        "THRESHOLD_DATABASE_URL": f"sqlite:///{copy}",
        "THRESHOLD_SECRET_KEY": "k" * 64,
        "THRESHOLD_OFFICE_KEYS": base64.b64encode(b"\x01" * 32).decode(),
        "THRESHOLD_PORT": str(port),
    }
    command = [sys.executable, "-m", "backend.cli", "serve"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(process, address)
        yield Served(address, world, {})
    finally:
        process.terminate()
        process.wait(20)


def wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    """Returns once the office answers; fails when it ended or takes too long."""
    for _ in range(STARTS_WITHIN_S * 5):
        if answers(address):
            return
        assert process.poll() is None, "the office ended before it answered"
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("the office does not answer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def opened(
    browser: Browser, served: Served, complaints: list[str], *, user: str = "tm-ruth", **more: Any
) -> Page:
    """A page of a fresh browser, signed in as somebody; the console's words are gathered.

    Each person signs in once by the form; later browsers begin with the cookies that it gave.
    """
    known = served.signed_in.get(user)
    context = browser.new_context(base_url=served.address, storage_state=known, **more)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    if known is None:
        page.goto("/login")
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
    else:
        page.goto("/")
    expect(page.get_by_role("heading", level=1, name="Escalations")).to_be_visible()
    served.signed_in[user] = context.storage_state()
    return page


def places(world: World) -> list[str]:
    """Every kind of page, in its states."""
    return [
        "/",
        "/?level=L",
        "/families",
        "/families?search=nobody",
        f"/escalations/{world.escalation}",
        f"/households/{world.refused}",
        f"/households/{world.sleeping}",
        f"/households/{world.refused}/events/{world.visit}",
        f"/households/{world.sleeping}/events/{world.finished}",
        "/families?told=no",
        "/needs-a-person",
        "/devices",
        "/help",
        "/nothing-here",
    ]


def accessible(page: Page) -> list[str]:
    """What axe finds wrong, the size of targets included."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("""() => axe.run(document, {rules: {'target-size': {enabled: true}}})""")
    return [
        f"{page.url} {each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def of_no_use(complaint: str) -> bool:
    """The browser's own line about a page that we refuse on purpose."""
    return "Failed to load resource" in complaint


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_is_accessible_fits_and_breaks_no_policy(
    browser: Browser, served: Served, width: int
) -> None:
    complaints: list[str] = []
    page = opened(browser, served, complaints, viewport={"width": width, "height": 800})
    problems: list[str] = []
    for place in places(served.world):
        page.goto(place)
        # Narrow, the two pages that are laid out anew stand for all.
        if width > 320 or place in ("/", f"/escalations/{served.world.escalation}"):
            problems += accessible(page)
        problems += [f"{place}: too small: {each}" for each in page.evaluate(SMALL_TARGETS)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            problems += [f"{place}: too wide: {each}" for each in page.evaluate(TOO_WIDE)]
    page.context.close()
    assert not problems, "\n".join(problems)
    assert not [each for each in complaints if not of_no_use(each)]


def test_pages_in_their_refused_states_are_accessible(browser: Browser, served: Served) -> None:
    complaints: list[str] = []
    page = opened(browser, served, complaints, viewport={"width": 360, "height": 800})
    del served.signed_in["tm-ruth"]  # ended below
    page.goto(f"/escalations/{served.world.escalation}")
    page.get_by_role("button", name="Record this decision").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    problems = accessible(page)
    page.get_by_role("link", name="Choose what you decide").click()
    expect(page.get_by_label("Do what the rule requires")).to_be_focused()
    page.get_by_label("No further action is needed").check()
    page.get_by_label("Why?").fill("Written while the session ran out, and not lost.")
    page.context.clear_cookies(name="threshold")
    page.get_by_role("button", name="Record this decision").click()
    expect(page.get_by_text("You were signed out, so nothing was recorded")).to_be_visible()
    problems += accessible(page)
    page.get_by_label("User name").fill("tm-ruth")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Your reason")).to_have_value(re.compile("not lost"))
    problems += accessible(page)
    page.goto("/devices")
    page.get_by_label("Whose phone is it?").select_option("hv-amara")
    page.get_by_role("button", name="Issue an enrolment code").click()
    expect(page.get_by_role("heading", name="Enrolment code for")).to_be_visible()
    problems += accessible(page)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in").click()
    problems += accessible(page)
    page.context.close()
    assert not problems, "\n".join(problems)
    assert not [each for each in complaints if not of_no_use(each)]


def test_the_whole_story_without_scripts(browser: Browser, served: Served) -> None:
    page = opened(browser, served, [], java_script_enabled=False)
    page.get_by_role("link", name="No-access condition met").click()
    page.get_by_role("button", name="I am taking this up").click()
    expect(page.get_by_role("heading", name="You have taken this up")).to_be_visible()
    page.get_by_label("Do something else instead").check()
    page.get_by_label("Why?").fill("Police attended at 14:10 and saw Ada, awake and unhurt.")
    page.get_by_role("button", name="Record this decision").click()
    expect(page.get_by_role("heading", name="Your decision is recorded")).to_be_visible()
    page.get_by_role("link", name="See the family’s record").click()
    page.get_by_role("link", name="Decisions and actions").click()
    expect(page.get_by_text("Police attended at 14:10")).to_be_visible()
    page.context.close()


def test_a_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    browser: Browser, served: Served
) -> None:
    page = opened(browser, served, [])
    page.goto("/")
    reached = []
    for _ in range(16):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("""() => {
              const e = document.activeElement, box = e.getBoundingClientRect();
              const s = getComputedStyle(e);
              const shown = s.boxShadow !== 'none' || s.outlineStyle !== 'none';
              const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
              return [e.innerText.trim(), shown, e === top || e.contains(top)];
            }""")
        )
    page.context.close()
    assert reached[0][0] == "Skip to main content"
    assert [words for words, shown, clear in reached if not (shown and clear)] == []
    names = [words for words, *_ in reached]
    assert names.index("Escalations") < names.index("Sign out") < names.index("Immediate")


def test_closing_is_accessible_to_whom_may_sign_it(browser: Browser, served: Served) -> None:
    page = opened(browser, served, [], user="sm-dev")
    page.get_by_role("link", name="Closing or stepping down").first.click()
    page.get_by_label("Sign it off").check()
    page.get_by_role("button", name="Record this decision").click()
    expect(page.get_by_role("alert")).to_be_visible()
    problems = accessible(page)
    page.get_by_role("link", name="Say why this may stand").first.click()
    expect(page.get_by_label("why may this stand?").first).to_be_focused()
    page.goto("/needs-a-person")
    page.get_by_role("link", name="Sent by Amara Osei").click()
    expect(page.get_by_role("heading", name="What came")).to_be_visible()
    problems += accessible(page)
    page.context.close()
    assert not problems, "\n".join(problems)


def test_paper_shows_the_record_and_no_controls(browser: Browser, served: Served) -> None:
    page = opened(browser, served, [])
    page.goto(f"/households/{served.world.refused}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Chronology")).to_be_visible()
    expect(page.get_by_text("No-access condition.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Filter the chronology")).to_be_hidden()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    page.context.close()
