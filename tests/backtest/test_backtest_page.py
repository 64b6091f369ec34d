"""The back-test's page: what is on it, and that a browser shows it to everyone, asking nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from backend.backtest_page.plotting import HEIGHT, WIDTH, grid_step, lines
from tests.backtest import written
from tests.backtest.conftest import run

AXE = Path(__file__).parents[2] / "backend/web/assets/node_modules/axe-core/axe.min.js"
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
MARKUP = "<b>& an end</b>"


@pytest.fixture
def page_file(folder: Path, pack: Any, tmp_path: Path) -> Path:
    """A page with every kind of change, an unreadable file, and words that look like markup."""
    bad = written.CASES["calm"].replace("type: visit", f'type: "{MARKUP}"')
    (folder / "bad.yaml").write_text(bad)
    (folder / f"{'a very long name ' * 8}.yaml").write_text(written.CASES["ten-days"])
    draft = pack(days=7, drop="R22", add=written.ADDED, levels={"R08": "I"})
    text = draft.read_text()
    draft.write_text(text.replace("title: A draft", f'title: "{MARKUP}"'))
    done = run(folder, "--against", draft, "--until", "2026-05-01", "--format", "html")
    assert done.exit_code == 2
    path = tmp_path / "page.html"
    path.write_text(done.stdout, encoding="utf-8")
    return path


def words(html: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def test_the_page_holds_what_changes_and_needs_nothing_else(page_file: Path) -> None:
    html = page_file.read_text("utf-8")
    said = words(html)
    assert "Fires under A and not under B: 2 families" in said
    assert "east/thrice.yaml: A 12 Mar 2026, B 17 Mar 2026" in said
    assert "Only B has this rule." in said
    assert "Only A has this rule." in said
    assert "1 raised under both, at another level." in said
    assert "1 file could not be read and is not counted." in said
    assert "proposals, to be signed off locally" in said
    assert "Team manager, escalations told" not in said  # a plot's words are its label
    assert MARKUP not in html
    assert "&lt;b&gt;&amp; an end&lt;/b&gt;" in html
    assert "default-src 'none'" in html
    assert not re.search(r"https?://", html)
    assert "<script" not in html
    assert "score" not in said.lower()


def test_the_plots_and_the_tables_hold_the_same_numbers(tmp_path: Path, pack: Any) -> None:
    folder = written.put(tmp_path / "cases", ["ten-days"])
    a, b = pack("a", only=["R05"]), pack("b", only=["R05"], days=7)
    done = run(
        folder, "--rules", a, "--against", b, "--until", "2026-04-10", "--format", "html"
    ).stdout
    told = done[done.index('id="told"') : done.index('id="actions"')]
    plots = re.findall(r'<polyline class="line-(.)" points="([^"]+)"', told)
    # One in March for the team manager under A, none under B: from the top to the floor, and flat.
    assert plots[0] == ("b", "48.0,164.0 342.0,164.0 ")
    assert plots[1] == ("a", "48.0,12.0 342.0,164.0 ")
    assert "A: 0.5 a month, most 1 in Mar 2026 B: 0.0 a month, most none" in words(told)
    rows = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", told, flags=re.DOTALL)
    assert [words(row) for row in rows] == [
        "Mar 2026 1 1 0 1 0 0 0 0 0",
        "Apr 2026 1 0 0 0 0 1 0 1 0",
    ]


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (9, 5), (20, 5), (21, 10), (138, 50)]
)
def test_the_grid_is_of_round_numbers(most: int, step: int) -> None:
    assert grid_step(most) == step


@pytest.mark.parametrize("months", [1, 2, 3, 36, 500])
def test_a_plot_stays_within_its_picture(months: int) -> None:
    series = [n * 37 % 1009 for n in range(months)]
    plot = lines(series, series[::-1], [f"Month {n}" for n in range(months)])
    for x, y in [*plot.a, *plot.b]:
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT
    assert [label.at for label in plot.across] == sorted({label.at for label in plot.across})
    assert plot.is_marked == (months <= 36)
    assert max(y for _, y in plot.a) <= plot.floor


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def accessible(page: Page) -> list[str]:
    """What axe finds wrong."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run(document)")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_browser_shows_it_to_everyone_and_asks_nobody(
    browser: Browser, page_file: Path, width: int, scheme: Any
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda m: complaints.append(m.text))
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".plot").first.is_visible()
    assert accessible(page) == []
    assert asked == [page_file.as_uri()]
    assert complaints == []
    context.close()


@pytest.mark.browser
def test_on_paper_the_folded_months_are_whole(browser: Browser, tmp_path: Path, pack: Any) -> None:
    (tmp_path / "cases").mkdir()
    long = written.case(
        "long",
        *(written.visit(f"v{n}", f"{2024 + n // 12}-{n % 12 + 1:02}-05T10:30") for n in range(30)),
    )
    (tmp_path / "cases" / "long.yaml").write_text(long)
    done = run(tmp_path / "cases", "--against", pack(days=7), "--format", "html")
    path = tmp_path / "page.html"
    path.write_text(done.stdout, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    table = page.locator("table.months").first
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()
    assert table.bounding_box()["height"] > 300
    page.emulate_media(media="screen")
    page.get_by_text("Told of escalations, month by month").click()
    assert table.is_visible()
    page.close()
