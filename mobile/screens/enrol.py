"""Enrolment: the office's address, its code and a new PIN make this a practitioner's phone."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from mobile.screens import Place
from mobile.widgets import load_kv
from mobile.widgets.field import TextField
from mobile.widgets.lines import Line

LEAD = "Your supervisor makes the code while you are with them. It works once, for a few minutes."
NEW_PIN = "New PIN"
PIN_RULES = (
    "6 digits or more. Not a date, not a run such as 123456, and no pattern that repeats. "
    "Nobody can look it up for you."
)
OLD_PIN = "Your PIN"
OLD_PIN_HELP = "The PIN that was chosen on this phone."
CHECKING = "Asking the office. Where the signal is weak this can take a minute."
TO_PUT_RIGHT = "Not enrolled yet. Put right what is marked above."
NO_ADDRESS = "Type the office's address. It stands on the page that shows your code."
BAD_ADDRESS = "That is not an address. It looks like https://threshold.example.org"
NO_CODE = "Type the code that your supervisor shows you."
SHORT_CODE = "The code has {whole} letters and digits, and this has {given}. Compare it again."
BAD_LETTERS = "A code has only the digits 0 to 9 and the letters a to f. Look again at: {found}"
NO_PIN = "Choose a PIN."
NO_OLD_PIN = "Type the PIN that was chosen on this phone."
DIGITS_ONLY = "Use digits only: you will enter the PIN on a number pad."
NOT_AGAIN = "Type the same PIN a second time."
NOT_ACCEPTED = "Not accepted."
DIFFERS = "The two PINs are not the same. Type the second one again, or both."

GROUP = 4
CODE_LENGTH = 20
# What stands between groups, however it was typed or pasted.
BETWEEN = re.compile(r"[\s\-‐‑‒–—−_.]+")
HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+", re.ASCII | re.IGNORECASE)
FIELDS = ("server", "code", "pin", "again")


def bare(code: str) -> str:
    """What of a code counts: no spaces or dashes, in small letters."""
    return BETWEEN.sub("", code).lower()


def grouped(code: str) -> str:
    """The code as the office writes it, in groups of four."""
    text = bare(code)
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def full_address(typed: str) -> str:
    """The office's address; https is understood where no scheme was typed. May be wrong."""
    text = typed.strip()
    return text if "://" in text else f"https://{text.rstrip('/')}"


def server_problem(typed: str) -> str:
    """What is wrong with the address, or ""."""
    from mobile.transport import checked_server

    if not typed.strip():
        return NO_ADDRESS
    try:
        parts = urlsplit(full_address(typed))
        fits = HOST.fullmatch(parts.hostname or "") and parts.port != 0
    except ValueError:  # a port that is no number, a bracket left open
        fits = False
    if not fits:
        return BAD_ADDRESS
    try:
        checked_server(full_address(typed))
    except ValueError as problem:
        return str(problem)
    return ""


def code_problem(typed: str) -> str:
    """What is wrong with the code as far as can be seen without the office, or ""."""
    code = bare(typed)
    if not code:
        return NO_CODE
    strange = sorted(set(re.sub("[0-9a-f]", "", code)))
    if strange:
        return BAD_LETTERS.format(found=" ".join(strange)[:20])
    if len(code) != CODE_LENGTH:
        return SHORT_CODE.format(whole=CODE_LENGTH, given=len(code))
    return ""


def pin_problem(pin: str) -> str:
    """Why a new PIN will not do, or ""."""
    from mobile.vault import weak_pin

    if not pin:
        return NO_PIN
    if not (pin.isascii() and pin.isdecimal()):
        return DIGITS_ONLY  # the pad that unlocks has nothing else
    return weak_pin(pin) or ""


class CodeField(TextField):
    """A field that puts what is typed into groups of four."""

    def __init__(self, **kwargs: object) -> None:
        self._soon = Clock.create_trigger(self._group, -1)
        super().__init__(**kwargs)
        self.fbind("value", self._soon)

    def _group(self, *_: object) -> None:
        """After the keystroke is done with, since the field moves its cursor last."""
        field, wanted = self.ids.field, grouped(self.value)
        if field.text == wanted:
            return
        before = len(bare(field.text[: field.cursor_index()]))
        field.text = wanted
        place = before + max(0, before - 1) // GROUP
        field.cursor = field.get_cursor_from_index(place)


class EnrolScreen(Place):
    """Four fields and one button. What was typed stays until it worked; PINs only while here."""

    lead = StringProperty(LEAD)
    busy = BooleanProperty(False)
    has_pin = BooleanProperty(False)  # it was chosen before enrolment was broken off
    pin_label = StringProperty(NEW_PIN)
    pin_help = StringProperty(PIN_RULES)
    told = ObjectProperty(())
    tone = StringProperty("low")

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._again = self.ids.again.__self__  # held here while it is not on the screen
        self.ids.page.fbind("height", self._stay_on_top)
        self.ids.column.fbind("height", self._stay_on_top)
        for name in FIELDS:
            field = self.ids[name]
            field.fbind("value", lambda *_, name=name: self._typed(name))
            field.ids.field.fbind("on_text_validate", lambda *_, name=name: self._next(name))

    def enter(self, **what: Any) -> None:
        """Ask anew; `has_pin`: this phone has its PIN already, which is asked for once."""
        self.has_pin = bool(what.get("has_pin"))
        self.pin_label = OLD_PIN if self.has_pin else NEW_PIN
        self.pin_help = OLD_PIN_HELP if self.has_pin else PIN_RULES
        column, shown = self.ids.column, self._again.parent is not None
        if shown and self.has_pin:
            column.remove_widget(self._again)
        elif not shown and not self.has_pin:
            column.add_widget(self._again)
        self._mark({})
        self.told = ()

    def on_leave(self, *_: object) -> None:
        """Forget the PINs; the address and the code may be needed again."""
        self.ids.pin.value = self._again.value = ""
        for field in self._fields().values():
            field.ids.field.focus = False

    # what is typed

    def _fields(self) -> dict[str, Any]:
        return {name: self._again if name == "again" else self.ids[name] for name in self._names()}

    def _names(self) -> tuple[str, ...]:
        return FIELDS[:3] if self.has_pin else FIELDS

    def _typed(self, name: str) -> None:
        """What is being put right is no longer called wrong."""
        fields = self._fields()
        if name in fields:
            fields[name].problem = ""
        if name == "pin" and not self.has_pin:
            self._again.problem = ""
        if not any(field.problem for field in fields.values()) and not self.busy:
            self.told = ()

    def _next(self, name: str) -> None:
        """Enter on the keyboard goes to the next field, and enrols from the last."""
        names = self._names()
        at = names.index(name) + 1
        if at == len(names):
            self.enrol()
        else:
            Clock.schedule_once(lambda *_: self._look_at(names[at]), 0)

    def _look_at(self, name: str) -> None:
        field = self._fields()[name]
        field.ids.field.focus = True
        self._into_sight(field)

    def _into_sight(self, field: Any) -> None:
        """Scroll to a field, where there is anything to scroll."""
        if self._scrolls():
            self.ids.page.scroll_to(field, padding=16, animate=False)

    def _scrolls(self) -> bool:
        return self.ids.column.height > self.ids.page.height

    def _stay_on_top(self, *_: object) -> None:
        """Kivy keeps how far down a page was, and would show a short one lower than its top."""
        if not self._scrolls():
            self.ids.page.scroll_y = 1

    def _problems(self) -> dict[str, str]:
        """What cannot be right, by field."""
        given = {name: field.value for name, field in self._fields().items()}
        found = {"server": server_problem(given["server"]), "code": code_problem(given["code"])}
        if self.has_pin:
            found["pin"] = "" if given["pin"] else NO_OLD_PIN
        else:
            found["pin"] = pin_problem(given["pin"])
            if given["again"] != given["pin"]:
                found["again"] = DIFFERS if given["again"] else NOT_AGAIN
        return {name: words for name, words in found.items() if words}

    def _mark(self, problems: dict[str, str]) -> None:
        for name, field in self._fields().items():
            field.problem = problems.get(name, "")

    # enrolling

    def enrol(self) -> None:
        """Check what was typed, then ask the office off the main thread."""
        if self.busy:
            return
        problems = self._problems()
        self._mark(problems)
        if problems:
            self._tell(TO_PUT_RIGHT, "immediate", "attention")
            self._show_first(problems)
            return
        fields = self._fields()
        server, code = full_address(fields["server"].value), grouped(fields["code"].value)
        pin = fields["pin"].value
        for field in fields.values():
            field.ids.field.focus = False
        self.busy = True
        self._tell(CHECKING, "low", "sending")
        app = self.app
        app.aside(
            lambda: _take_up(app.device, server, code, pin, app.now), self._enrolled, self._failed
        )

    def _show_first(self, problems: dict[str, str]) -> None:
        """Bring the first of them into sight, once the words below have taken their room."""
        first = next(name for name in self._names() if name in problems)
        field = self._fields()[first]
        Clock.schedule_once(lambda *_: self._into_sight(field), 0)

    def _tell(self, words: str, tone: str, icon: str) -> None:
        self.tone = tone
        self.told = (Line(words, "strong", tone, icon, icon_size=22),)

    def _enrolled(self, phone: Any) -> None:
        self.busy = False
        self.told = ()
        self.ids.code.value = ""  # it is used up
        self.app.unlocked(phone)

    def _failed(self, error: Exception) -> None:
        self.busy = False
        about = getattr(error, "about", None)
        if about is None:
            self.told = ()
            self.app.trouble(error)
            return
        icon = {"server": "no-signal", "": "clock"}.get(about, "attention")
        self._tell(str(error), "immediate" if about in ("code", "pin") else "significant", icon)
        if about in ("code", "pin"):
            self._mark({about: NOT_ACCEPTED})
            self._show_first({about: NOT_ACCEPTED})


def _take_up(device: object, server: str, code: str, pin: str, now: object) -> object:
    from mobile.enrol import take_up

    return take_up(device, server, code, pin, now=now)


load_kv(__file__)
