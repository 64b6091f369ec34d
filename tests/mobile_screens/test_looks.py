"""Every screen: targets large enough, nothing cut off or overlapping, contrast from the tokens."""

from __future__ import annotations

import pytest
from kivy.core.window import Window
from kivy.metrics import Metrics, dp

from mobile import theme
from mobile.driver import Driver
from mobile.practice import PIN

TEXT = 4.5  # WCAG 2.2, 1.4.3
EDGES = 3.0  # WCAG 2.2, 1.4.11
STATUS = 7.0  # what a concern is told by must be readable in the sun
TONES = ("immediate", "significant", "low", "fine", "gap")
ON = [
    ("ink", "paper", STATUS), ("ink", "surface", STATUS), ("ink", "sunk", STATUS),
    ("soft", "paper", TEXT), ("soft", "surface", TEXT), ("soft", "sunk", TEXT),
    ("on_bar", "bar", STATUS), ("on_bar_soft", "bar", TEXT), ("on_primary", "primary", TEXT),
    ("primary", "surface", TEXT), ("primary", "paper", TEXT), ("on_wash", "wash", STATUS),
    ("on_danger", "danger", TEXT), ("edge", "surface", EDGES), ("edge", "paper", EDGES),
    ("faint", "surface", EDGES), ("primary", "wash", EDGES),
    *[(tone, "surface", TEXT) for tone in TONES],
    *[("ink", f"{tone}_wash", STATUS) for tone in TONES],
]  # fmt: skip


@pytest.mark.parametrize("appearance", sorted(theme.APPEARANCES))
def test_words_stand_out_from_what_they_are_written_on(appearance) -> None:
    palette = theme.APPEARANCES[appearance]
    weak = [
        f"{ink} on {ground}: {ratio:.2f}, not {least}"
        for ink, ground, least in ON
        if (ratio := theme.contrast(getattr(palette, ink), getattr(palette, ground))) < least
    ]
    weak += [
        f"{tone} on its own ground: {ratio:.2f}"
        for tone in TONES
        if (ratio := theme.contrast(getattr(palette, tone), getattr(palette, f"{tone}_wash")))
        < TEXT
    ]
    assert not weak


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_no_two_levels_share_a_shape_or_a_word() -> None:
    shown = list(theme.LEVELS.values())
    assert len({icon for _, icon, _ in shown}) == len(shown)
    assert len({words for _, _, words in shown}) == len(shown)


SCREENS = {
    "unlock": {},
    "families": {},
    "family": {"household": "longest"},
    "doorstep": {"household": "hartley"},
    "section": {},
    "leaving": {},
    "outbox": {},
}


@pytest.fixture(params=[1.0, 1.3], ids=["text-1.0", "text-1.3"], scope="module")
def scaled(request, practice_phone, tmp_path_factory):
    """The unlocked app at a text size, with a visit in progress."""
    import shutil

    Metrics.fontscale = request.param
    theme.forget_drawn_text()
    folder = shutil.copytree(practice_phone, tmp_path_factory.mktemp("scaled") / "phone")
    driver = Driver.start(folder)
    driver.enter_pin(PIN)
    driver.on("families")
    driver.wait_text("Hartley")
    draft, begun = driver.app.phone.drafts.start("begum", driver.app.now())
    begun.result()
    draft.answer("ACC-01", "in", driver.app.now()).result()
    yield driver, draft.id
    driver.close()
    Metrics.fontscale = 1.0
    theme.forget_drawn_text()


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_can_be_touched_and_read(scaled, name) -> None:
    driver, draft = scaled
    what = {"draft": draft} if name in ("section", "leaving") else SCREENS[name]
    if name == "unlock":
        driver.app._screen("unlock")
        driver.app.screens.current = "unlock"
    else:
        driver.app.go(name, **what)
    driver.wait(lambda: driver.app.screens.current == name, name)
    screen = driver.app.screens.current_screen
    rows = screen.ids.get("list")
    if rows is not None:
        driver.wait(lambda: len(rows.data) > 0 and not waits(screen), "its rows")
    driver.frames(6)
    assert not too_small(driver, screen)
    assert not cut_off(driver, screen)
    assert not overlapping(screen)


@pytest.mark.parametrize(
    ("name", "words"),
    [("leaving", "Immediate danger: cannot be told"), ("doorstep", "Immediate danger: could not")],
)
def test_what_cannot_be_told_can_be_touched_and_read_unfolded(scaled, name, words) -> None:
    driver, draft = scaled
    finished = {"household": "longest", "visit": "longest-1"}
    driver.app.go(name, **({"draft": draft} if name == "leaving" else finished))
    driver.on(name)
    driver.settled()
    screen = driver.app.screens.current_screen
    folded = len(screen.rows)
    driver.tap(words)
    driver.wait(lambda: len(screen.rows) > folded, "the questions")
    rows = screen.ids.list
    for part in (1, 0.75, 0.5, 0.25, 0):
        rows.scroll_y = part
        driver.frames(4)
        assert not too_small(driver, screen)
        assert not cut_off(driver, screen)
        assert not overlapping(screen)


def waits(screen) -> bool:
    """Whether the screen still says that it is reading."""
    said = [line.text for row in screen.rows[:1] for line in row.get("lines", ())]
    return any(words.endswith("…") for words in said)


def too_small(driver, screen) -> list[str]:
    """What can be touched but is less than 48 dp wide or high."""
    return [
        f"{type(w).__name__} {getattr(w, 'text', '') or getattr(w, 'hint', '')!r}: {w.size}"
        for w in driver.widgets(screen)
        if driver.takes_touches(w) and not w.disabled and w.opacity > 0
        if min(w.width, w.height - dp(getattr(w, "gap", 0))) < dp(theme.TOUCH) - 1
    ]


def cut_off(driver, screen) -> list[str]:
    """Words that need more room than they have, or reach past the side of the window."""
    found = []
    for w in driver.widgets(screen):
        if w.opacity == 0 or not getattr(w, "text", ""):
            continue
        if hasattr(w, "needed") and w.lines and w.needed() > w.height + 1:
            found.append(f"{w.text!r} needs {w.needed()}, has {w.height}")
        left = w.to_window(*w.pos)[0]
        if left < -1 or left + w.width > Window.width + 1:
            found.append(f"{w.text!r} reaches past the window")
    return found


def overlapping(screen) -> list[str]:
    """Rows of the list that lie over one another."""
    rows = screen.ids.get("list")
    views = sorted(rows.layout_manager.children, key=lambda v: -v.top) if rows else []
    return [
        f"{upper.text!r} over {lower.text!r}"
        for upper, lower in zip(views, views[1:], strict=False)
        if upper.y < lower.top - 1
    ]
