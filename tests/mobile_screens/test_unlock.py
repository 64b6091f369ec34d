"""The PIN: right, wrong, too often wrong, and a phone that is not set up."""

from __future__ import annotations

from mobile.practice import PIN

WRONG = "908172"


def test_the_right_pin_shows_the_families(home, start) -> None:
    driver = start(home)
    driver.on("unlock")
    assert driver.sees("Threshold")
    driver.enter_pin(PIN)
    driver.on("families")
    driver.wait_text("Hartley")


def test_wrong_pins_say_so_and_then_make_her_wait_in_words(home, start) -> None:
    driver = start(home)
    driver.enter_pin(WRONG)
    driver.wait_text("That is not the PIN")
    for _ in range(2):
        driver.enter_pin(WRONG)
        driver.wait(lambda: not driver.app.screens.current_screen.busy, "the answer")
    driver.wait_text("Too many wrong PINs. Wait")
    assert not driver.app.screens.current_screen.ready
    driver.tap_at(*driver.find(hint="digit 5").center)
    assert driver.app.screens.current_screen.entered == 0


def test_a_digit_can_be_taken_back_and_no_widget_holds_the_pin(home, start) -> None:
    driver = start(home)
    driver.on("unlock")
    for digit in "274":
        driver.tap_icon(f"digit {digit}")
    driver.tap_icon("Erase")
    screen = driver.app.screens.current_screen
    assert screen.entered == 2
    assert "27" not in driver.words()


def test_a_phone_without_a_pin_says_what_is_missing(tmp_path, start) -> None:
    driver = start(tmp_path / "new")
    driver.wait_text("This phone is not set up yet")


def test_locking_forgets_every_screen(home, unlocked) -> None:
    driver = unlocked(home)
    driver.tap_icon("Lock")
    driver.on("unlock")
    assert driver.app.phone is None
    assert "Hartley" not in driver.words()
    assert [screen.name for screen in driver.app.screens.screens] == ["unlock"]
