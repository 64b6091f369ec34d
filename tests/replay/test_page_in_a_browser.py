"""A replay's page in a real browser: read by keyboard, without scripts, small, dark, on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from backend.replay_page.page import page as page_of
from backend.replaying import read_book, read_file, replay
from tests.journeys.browser import CHROMIUM, FLAGS

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = ROOT / "backend" / "web" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 6
# A mark's own box, and whether something of its card can be read where it is.
FOCUSED = """() => {
  const mark = document.activeElement, spot = mark.closest('.spot');
  if (!spot) return null;
  const card = spot.querySelector('.card'), box = card.getBoundingClientRect();
  const own = mark.getBoundingClientRect();
  const seen = document.querySelector('.scroll').getBoundingClientRect();
  const x = Math.min(seen.right - 4, Math.max(seen.left + 4, own.left + 8));
  const y = own.top + own.height / 2;
  const on = document.elementFromPoint(x, y);
  return {
    name: mark.getAttribute('aria-label'),
    shown: getComputedStyle(card).display !== 'none' && card.innerText.trim().length > 20,
    within: box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= 0
      && box.right <= innerWidth + 1,
    clear: mark.contains(on) || (on !== null && on.closest('.spot') === spot
      && !card.contains(on)),
    ring: getComputedStyle(mark).outlineStyle !== 'none',
  };
}"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The pages as files: the motivating case, a quiet family, and one with very long words."""
    folder, book = tmp_path_factory.mktemp("pages"), read_book(None)
    seeds = ROOT / "seeds"
    decided = (seeds / "demo/danger-decided.yaml").read_text("utf-8")
    long = decided.replace("title: ", f"title: {LONG}")
    (folder / "long.yaml").write_text(long, "utf-8")
    files = {
        "coventry": seeds / "coventry-2022.yaml",
        "quiet": seeds / "demo/noah.yaml",
        "long": folder / "long.yaml",
    }
    for name, path in files.items():
        done = replay(read_file(str(path), book), book)
        (folder / f"{name}.html").write_text(page_of(done), "utf-8")
    return folder


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, made):
    """Opens a page; afterwards fails if it fetched anything, or the browser complained."""
    contexts, wrong = [], []

    def open_page(name, width=1280, height=900, **more):
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        page = context.new_page()
        address = (made / f"{name}.html").as_uri()
        page.on("request", lambda each: wrong.append(each.url) if each.url != address else None)
        page.on("console", lambda each: wrong.append(each.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("coventry", 1280, "light"),
        ("coventry", 1280, "dark"),
        ("coventry", 360, "light"),
        ("quiet", 1280, "light"),
        ("long", 360, "light"),
    ],
)
def test_it_is_accessible_and_fits(opened, name, width, scheme):
    page = opened(name, width, color_scheme=scheme)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {rules: {'target-size': {enabled: true}}})")
    assert [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_only_the_picture_scrolls_sideways_and_only_where_it_must(opened):
    for width in (360, 768, 1280, 1600):
        page = opened("coventry", width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wider = page.evaluate(
            "(e => e.scrollWidth > e.clientWidth + 1)(document.querySelector('.scroll'))"
        )
        assert wider == (width < 1200)


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (1280, False), (360, True)])
def test_tab_reaches_every_mark_and_shows_its_evidence(opened, width, scripts):
    page = opened("coventry", width, java_script_enabled=scripts)
    reached, names = [], [each.get_attribute("aria-label") for each in page.locator(".mark").all()]
    for _ in range(2 * len(names) + 10):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if not focused and len(reached) == len(names):
            break
        if focused and focused["name"]:  # a card that scrolls can be reached as well
            reached.append(focused)
    assert [each["name"] for each in reached] == names
    assert len(names) > 40
    for quality in ("shown", "within", "ring", "clear"):
        assert [each["name"] for each in reached if not each[quality]] == [], quality


def test_a_mouse_shows_the_evidence_and_escape_hides_it(opened):
    page = opened("coventry")
    mark = page.get_by_role("link", name="R22 Left, or shut away").first
    mark.hover()
    card = page.locator(".card:visible")
    expect(card).to_contain_text("Longer, often, or reported by more than one person")
    expect(card).to_contain_text("Seen, hv-1, health visiting, 3 Jul 2018 10:00")
    expect(card).to_contain_text("Not done")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    mark.focus()
    expect(card).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("tr:target")).to_contain_text("R22 Left, or shut away")


def test_a_clock_shows_when_it_was_due_and_that_nobody_did_it(opened):
    page = opened("coventry")
    page.get_by_role("link", name="Call the police: by 29 May 2019 16:30").focus()
    card = page.locator(".card:visible")
    expect(card).to_contain_text("The visitor, by 29 May 2019 16:30. Not done, 4 days overdue")
    expect(card).to_contain_text("Required by R03 No-access condition met")


def test_the_picture_can_be_skipped(opened):
    page = opened("coventry")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip the picture: the same in text")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The same in text")).to_be_focused()


def test_paper_holds_the_picture_and_the_table_and_no_cards(opened):
    page = opened("coventry")
    page.emulate_media(media="print")
    expect(page.locator(".card:visible")).to_have_count(0)
    expect(page.get_by_text("Point at a mark or a bar")).to_be_hidden()
    # An A4 page on its side, less its margins: nothing of the picture lies beyond it.
    page.set_viewport_size({"width": 1039, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1039
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('.canvas *')]
        .filter(e => e.getBoundingClientRect().right > 1040).length"""
    )
    assert beyond == 0
    pdf = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 841" in pdf
