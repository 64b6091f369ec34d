"""Enrolling a phone by touch, against a real office: the way the office's page describes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from kivy.core.window import Window
from kivy.metrics import Metrics, dp

from mobile import theme
from mobile.driver import Driver
from mobile.enrol import take_up
from mobile.phone import open_phone
from mobile.ports import DesktopDevice
from mobile.screens.enrol import bare, code_problem, full_address, grouped, server_problem
from mobile.vault import Cost, Vault
from tests.mobile.office import Office

PIN = "482915"
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
NOBODY = "http://127.0.0.1:9"  # the port on which nothing listens (RFC 863 is long out of use)
ADDRESS, CODE, NEW, AGAIN = "Office address", "Enrolment code", "New PIN", "The same PIN again"
A_CODE = "0123-4567-89ab-cdef-0123"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """`threshold serve` with the demonstration families."""
    made = Office(tmp_path_factory.mktemp("office"))
    yield made
    made.stop()


@pytest.fixture
def new_phone(tmp_path: Path, start) -> Driver:
    """The app on a phone that was never enrolled, at the enrolment screen."""
    driver = start(tmp_path / "phone")
    driver.on("unlock")
    driver.tap("Enrol this phone")
    driver.on("enrol")
    return driver


def fill(driver: Driver, field: str, text: str) -> None:
    """Touch a field and type in it."""
    driver.scroll_to(field)
    touched = driver.find(hint=field)
    driver.tap(touched)
    driver.wait(lambda: touched.focus, f"the field {field}")
    driver.type(text)


def fill_all(driver: Driver, server: str, code: str, pin: str = PIN, again: str = PIN) -> None:
    for field, text in ((ADDRESS, server), (CODE, code), (NEW, pin), (AGAIN, again)):
        fill(driver, field, text)


def enrol(driver: Driver) -> None:
    """Touch the one button."""
    driver.tap(driver.find(where=lambda w: getattr(w, "label", "") == "Enrol"))


def held(driver: Driver) -> list[str]:
    """What the four fields hold."""
    return [driver.find(hint=field).text for field in (ADDRESS, CODE, NEW, AGAIN)]


def test_the_code_of_the_office_makes_it_her_phone_with_her_families(
    office, new_phone, tmp_path, caplog, capfd
) -> None:
    driver, code = new_phone, office.code()
    with caplog.at_level(logging.DEBUG):
        fill_all(driver, f"{office.url}/", code.replace("-", " ").upper())
        assert held(driver)[1] == code, "shown in the office's groups while it is typed"
        assert driver.find(hint=NEW).password
        assert driver.find(hint=AGAIN).password
        enrol(driver)
        driver.on("families")
    phone = driver.app.phone
    assert phone.identity.user_name == "Amara Osei"
    driver.wait_text("Most urgent first")
    rows = phone.families.rows(driver.app.now())
    assert len(rows) == office.families
    for row in rows:
        assert driver.says(row.name)
    told = caplog.text + "".join(capfd.readouterr())
    assert PIN not in told
    assert code not in told
    assert bare(code) not in told.lower()
    for file in (tmp_path / "phone").rglob("*"):
        kept = file.read_bytes() if file.is_file() else b""
        assert PIN.encode() not in kept, file
        assert code.encode() not in kept, file
    driver.tap_icon("Lock")
    driver.enter_pin(PIN)
    driver.on("families")


def test_a_wrong_code_is_said_and_nothing_typed_is_lost(office, new_phone, tmp_path) -> None:
    driver = new_phone
    fill_all(driver, office.url, A_CODE)
    enrol(driver)
    driver.wait_text("did not accept the code")
    assert driver.sees("Not accepted")
    page, column = (driver.app.screens.current_screen.ids[name] for name in ("page", "column"))
    driver.frames(4)
    assert column.height < page.height, "a short page is not scrolled"
    assert column.to_window(0, column.top)[1] == page.top
    assert held(driver) == [office.url, A_CODE, PIN, PIN]
    assert not Vault(DesktopDevice(tmp_path / "phone")).exists
    assert driver.app.phone is None
    driver.find(hint=CODE).text = ""
    fill(driver, CODE, office.code())
    assert not driver.sees("did not accept the code"), "what is put right is not called wrong"
    enrol(driver)
    driver.on("families")


def test_a_used_code_is_refused_in_words(office, new_phone, tmp_path) -> None:
    code = office.code()
    take_up(DesktopDevice(tmp_path / "other"), office.url, code, PIN, cost=CHEAP).lock()
    fill_all(new_phone, office.url, code)
    enrol(new_phone)
    new_phone.wait_text("used up or too old")


def test_without_an_office_it_says_no_signal_and_cannot_be_left_meanwhile(
    new_phone, tmp_path
) -> None:
    driver, screen = new_phone, new_phone.app.screens.current_screen
    fill_all(driver, NOBODY, A_CODE)
    screen.enrol()
    assert screen.busy
    driver.app.back()
    driver.frames(2)
    assert driver.app.screen_name == "enrol"
    driver.wait_text("No signal")
    assert not screen.busy
    assert held(driver) == [NOBODY, A_CODE, PIN, PIN]
    assert not Vault(DesktopDevice(tmp_path / "phone")).exists
    driver.tap_icon("Back")
    driver.on("unlock")
    driver.tap("Enrol this phone")
    driver.on("enrol")
    assert held(driver) == [NOBODY, A_CODE, "", ""], "the PINs go, the rest is still useful"


@pytest.mark.parametrize(
    ("pin", "again", "words"),
    [
        (PIN, "482951", "The two PINs are not the same"),
        (PIN, "", "Type the same PIN a second time"),
        ("123456", "123456", "one of the first anyone would try"),
        ("150690", "150690", "looks like a date"),
        ("4829", "4829", "Use 6 digits or more."),
        ("green door mat", "green door mat", "Use digits only"),
        ("", "", "Choose a PIN"),
    ],
)
def test_a_pin_that_will_not_do_is_refused_in_words(new_phone, pin, again, words) -> None:
    fill_all(new_phone, NOBODY, A_CODE, pin, again)
    enrol(new_phone)
    new_phone.wait_text(words)
    assert new_phone.sees("Put right what is marked above")
    assert not new_phone.app.screens.current_screen.busy
    assert held(new_phone) == [NOBODY, A_CODE, pin, again]


def test_enrolment_broken_off_goes_on_with_the_pin_that_was_chosen(office, tmp_path, start) -> None:
    home = tmp_path / "phone"
    Vault(DesktopDevice(home), CHEAP).create(PIN)
    open_phone(DesktopDevice(home), PIN).lock()
    driver = start(home)
    driver.enter_pin(PIN)
    driver.tap("Enrol this phone")
    driver.on("enrol")
    assert not driver.sees(AGAIN)
    fill(driver, ADDRESS, office.url)
    fill(driver, CODE, office.code())
    fill(driver, "Your PIN", "908172")
    enrol(driver)
    driver.wait_text("That is not the PIN")
    driver.find(hint="Your PIN").text = ""
    fill(driver, "Your PIN", PIN)
    enrol(driver)
    driver.on("families")


def test_a_group_mark_can_be_deleted_over(new_phone) -> None:
    fill(new_phone, CODE, "abcd e")
    assert held(new_phone)[1] == "abcd-e"
    for left in ("abcd", "abc", "ab"):
        new_phone.key("backspace")
        new_phone.frames(2)
        assert held(new_phone)[1] == left


def test_codes_and_addresses_are_read_forgivingly() -> None:
    assert grouped(" 0123\u20134567 89AB-cdef--0123\n") == A_CODE
    assert not code_problem(A_CODE.upper().replace("-", ""))
    assert "this has 18" in code_problem(A_CODE[:-2])
    assert "Look again at: o" in code_problem(A_CODE.replace("0", "o"))
    assert full_address(" threshold.example.org/ ") == "https://threshold.example.org"
    assert not server_problem("threshold.example.org")
    assert not server_problem("https://threshold.example.org:8443")
    assert "nobody can listen" in server_problem("http://threshold.example.org")
    for wrong in ("https://", "https://[", "office of mine", "https://a:b", "https://a:99999"):
        assert "not an address" in server_problem(wrong), wrong
    assert "page that shows your code" in server_problem("  ")


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_both_screens_have_targets_large_enough_and_nothing_cut_off(tmp_path, start, scale) -> None:
    Metrics.fontscale = scale
    theme.forget_drawn_text()
    try:
        driver = start(tmp_path / "phone")
        driver.wait_text("Enrol this phone")
        driver.frames(4)
        assert not misfits(driver)
        driver.tap("Enrol this phone")
        driver.on("enrol")
        enrol(driver)
        driver.wait_text("Choose a PIN")
        driver.frames(4)
        assert not misfits(driver)
    finally:
        Metrics.fontscale = 1.0
        theme.forget_drawn_text()


def misfits(driver: Driver) -> list[str]:
    """What can be touched but is under 48 dp, and words that reach past the window."""
    shown = [w for w in driver.widgets(driver.app.screens.current_screen) if w.opacity > 0]
    fields = [w for w in shown if hasattr(w, "password")]
    small = [w for w in shown if driver.takes_touches(w) and not w.disabled] + fields
    return [f"{w}: {w.size}" for w in small if min(w.size) < dp(theme.TOUCH) - 1] + [
        f"{w.text!r} reaches past the window"
        for w in shown
        if getattr(w, "text", "") and w.to_window(*w.pos)[0] + w.width > Window.width + 1
    ]
