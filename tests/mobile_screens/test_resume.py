"""Left half-way, the app closed and opened again: she comes back to the same question."""

from __future__ import annotations


def given(screen, item: str, about: str | None = None):
    return screen.draft.row(item, about).given


def saved(driver, screen) -> None:
    driver.wait(lambda: not screen.is_saving, "it to be saved")


def test_left_half_way_she_comes_back_to_the_same_place_after_a_restart(home, unlocked) -> None:
    driver = unlocked(home)
    driver.tap("Begum")
    driver.on("family")
    driver.tap("Start visit")
    driver.on("section")
    screen = driver.app.screens.current_screen
    driver.wait(lambda: screen.draft is not None, "the visit")
    screen.turn_to(next(p for p in screen._pages if (p.section, p.about) == ("SLP", "sami")))
    driver.tap("What is the sleep surface like?")
    driver.tap("Sound, but no waterproof cover")
    saved(driver, screen)
    driver.close()

    driver = unlocked(home)
    driver.wait_text("Visit not finished")
    assert driver.says("Sleep (infant")
    driver.tap("Visit not finished")
    driver.on("section")
    screen = driver.app.screens.current_screen
    driver.wait(lambda: screen.page is not None and screen.rows, "the page")
    driver.frames(3)
    assert (screen.page.section, screen.page.about) == ("SLP", "sami")
    assert given(screen, "SLP-04", "sami").value == "cover"
    driver.wait(lambda: driver.sees("What is the sleep surface like?"), "the same question")
