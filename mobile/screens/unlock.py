"""Unlock: the PIN, and in words how many seconds until the next try counts."""

from __future__ import annotations

import math
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from mobile.screens import Place
from mobile.widgets import load_kv

ASK = "Enter your PIN"
OPENING = "Opening your records…"
LONG_ENOUGH = 6
WAIT = "Too many wrong PINs. Wait {left}, then try again."
NEW_PHONE = (
    "This phone is not set up yet. Your office gives you a code that enrols it; "
    "until then there is nothing on it to open."
)
NOT_ENROLLED = "This phone has a PIN but no office yet. Your office gives you a code."
LONGEST = 64


class UnlockScreen(Place):
    """A PIN pad within reach of the thumb. The PIN itself is never a property of a widget."""

    message = StringProperty(ASK)
    tone = StringProperty("soft")
    icon = StringProperty("lock")
    entered = NumericProperty(0)
    busy = BooleanProperty(False)
    ready = BooleanProperty(True)  # whether a try would count
    can_enrol = BooleanProperty(False)  # no office yet: the way to one stands in the pad's place

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._pin = ""
        self._has_pin = True
        # Held here, since only one of the two is on the screen.
        self._pad, self._way_in = self.ids.pad.__self__, self.ids.way_in.__self__
        self.ids.foot.remove_widget(self._way_in)
        self._wait_until = 0.0
        self._tick = Clock.schedule_interval(self._count_down, 0.25)
        self._tick.cancel()

    def enter(self, **what: object) -> None:
        """Ask for the PIN; look off the main thread whether a wait is still on."""
        self._forget()
        self.show(ASK)
        Window.bind(on_textinput=self._on_text, on_key_down=self._on_key)
        Clock.schedule_once(lambda *_: self.app.work(self._look, self._looked), 0)

    def on_leave(self, *_: object) -> None:
        """Stop listening to the keyboard and forget what was typed."""
        Window.unbind(on_textinput=self._on_text, on_key_down=self._on_key)
        self._forget()
        self._tick.cancel()

    def show(self, message: str, tone: str = "soft", icon: str = "lock") -> None:
        """Set what the screen says."""
        self.message, self.tone, self.icon = message, tone, icon

    def press(self, digit: str) -> None:
        """One more digit."""
        if not self.busy and self.ready and len(self._pin) < LONGEST:
            self._pin += digit
            self.entered = len(self._pin)
            if self.tone != "soft":
                self.show(ASK)

    def erase(self) -> None:
        """Take the last digit back."""
        if not self.busy:
            self._pin = self._pin[:-1]
            self.entered = len(self._pin)

    def unlock(self) -> None:
        """Try the PIN, off the main thread: stretching it takes a fifth of a second."""
        if self.busy or not self.ready or not self._pin:
            return
        pin = self._pin
        self._forget()
        self.busy = True
        self.show(OPENING)
        app = self.app
        app.work(lambda: _open(app.device, pin, app.now), self._opened, self._refused)

    def _opened(self, phone: Any) -> None:
        self.busy = False
        if phone.identity is None:
            phone.lock()
            self.show(NOT_ENROLLED, "soft", "device")
            self.can_enrol = True
        else:
            self.app.unlocked(phone)

    def _refused(self, error: Exception) -> None:
        self.busy = False
        wait = getattr(error, "wait_seconds", None)
        if wait:
            self._wait(wait, str(error))
        elif isinstance(error, _vault_error()):
            self.show(str(error), "immediate", "attention")
        else:
            self.app.trouble(error)
            self.show(ASK)

    def _wait(self, seconds: float, message: str) -> None:
        self.ready = False
        self._wait_until = Clock.get_time() + seconds
        self.show(message, "immediate", "clock-late")
        self._tick()

    def _count_down(self, *_: object) -> None:
        seconds = math.ceil(self._wait_until - Clock.get_time())
        if seconds <= 0:
            self._tick.cancel()
            self.ready = True
            self.show(ASK)
            return
        minutes, rest = divmod(seconds, 60)
        left = f"{minutes}:{rest:02d} minutes" if minutes else f"{rest} seconds"
        self.show(WAIT.format(left=left), "immediate", "clock-late")

    def _look(self) -> tuple[bool, float]:
        """Whether there is a vault, and the seconds until a try counts; loads what comes next."""
        import mobile.phone  # noqa: F401  so that the first unlocking does not wait for it
        from mobile.vault import Vault

        vault = Vault(self.app.device)
        return vault.exists, vault.wait_seconds() if vault.exists else 0.0

    def _looked(self, found: tuple[bool, float]) -> None:
        exists, wait = found
        self.ready, self._has_pin, self.can_enrol = exists, exists, not exists
        if not exists:
            self.show(NEW_PHONE, "soft", "device")
        elif wait > 0:
            self._wait(wait, "")

    def on_can_enrol(self, _: object, can: bool) -> None:
        """Show the button in the pad's place, or the pad again."""
        self.ids.foot.clear_widgets()
        self.ids.foot.add_widget(self._way_in if can else self._pad)

    def enrol(self, _: object) -> None:
        """Go and type the office's address and code."""
        self.app.go("enrol", has_pin=self._has_pin)

    def _on_text(self, _window: object, text: str) -> None:
        if text.isprintable():
            self.press(text)

    def _on_key(self, _window: object, key: int, *_: object) -> bool:
        if key in (13, 271):
            self.unlock()
        elif key == 8:
            self.erase()
        return False

    def _forget(self) -> None:
        self._pin = ""
        self.entered = 0


def _open(device: object, pin: str, now: object) -> object:
    from mobile.phone import open_phone

    return open_phone(device, pin, now=now)


def _vault_error() -> type[Exception]:
    from mobile.vault import VaultError

    return VaultError


load_kv(__file__)
