"""The phone app: wires the phone's parts to the screens, and goes from one screen to the next."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.screenmanager import NoTransition, ScreenManager

from mobile import theme
from mobile.screens import words

if TYPE_CHECKING:
    from mobile.phone import Phone
    from mobile.ports import Device
    from mobile.screens import Place

QUIET_MINUTES = 10  # without a touch for so long, the app locks itself
SCREENS = {
    "unlock": "UnlockScreen",
    "enrol": "EnrolScreen",
    "families": "FamiliesScreen",
    "family": "FamilyScreen",
    "doorstep": "DoorstepScreen",
    "section": "SectionScreen",
    "leaving": "LeavingScreen",
    "outbox": "OutboxScreen",
}


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class ThresholdApp(App):
    """Holds the open phone, the screens made so far, and the way back."""

    title = "Threshold"

    def __init__(
        self,
        device: Device,
        *,
        appearance: str | None = None,
        now: Callable[[], datetime] = utc_now,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.device, self.now = device, now
        self.phone: Phone | None = None
        self.screen_name = ""
        self.waiting = 0  # jobs whose end has not come back to the screen yet
        self._appearance = appearance or os.environ.get("THRESHOLD_APPEARANCE", "light")
        self._way: list[tuple[str, dict[str, Any]]] = []
        self._worker = ThreadPoolExecutor(1, "work")
        self._caller = ThreadPoolExecutor(1, "network")
        self._touched = Clock.get_time()
        self._refresh_soon = Clock.create_trigger(self._refresh, 0.1)

    # the life of the app

    def build(self) -> FloatLayout:
        """The first screen only; the others are made when they are first come to."""
        theme.current.use(self._appearance if self._appearance in theme.APPEARANCES else "light")
        self.icon = ""
        self.layer = FloatLayout()
        self.screens = ScreenManager(transition=NoTransition())
        self.layer.add_widget(self.screens)
        Window.clearcolor = theme.current.paper
        Window.softinput_mode = "below_target"
        Window.bind(on_keyboard=self._on_key, on_touch_down=self._on_touch)
        Clock.schedule_interval(self._lock_when_quiet, 30)
        self.go("unlock")
        return self.layer

    def on_pause(self) -> bool:
        """Stay in memory; every answer was committed when it was given, so nothing is to do."""
        return True

    def on_resume(self) -> None:
        """Ask the office at once: the signal may be back."""
        if self.phone is not None:
            self.phone.courier.nudge()

    def on_stop(self) -> None:
        """Close the records and forget the key."""
        Window.unbind(on_keyboard=self._on_key, on_touch_down=self._on_touch)
        self._close_phone()
        self._worker.shutdown(wait=True)
        self._caller.shutdown(wait=True)

    # unlocking and locking

    def unlocked(self, phone: Phone) -> None:
        """The PIN was right: start sending and pulling, and show the families."""
        self.phone = phone
        phone.courier.on_change = self._on_change
        phone.courier.start()
        self.go("families")

    def lock(self, *_: object) -> None:
        """Close the records, forget the key and everything that was shown."""
        self._close_phone()
        for over in [w for w in self.layer.children if w is not self.screens]:
            self.layer.remove_widget(over)
        self.screens.clear_widgets()
        self.go("unlock")

    def _close_phone(self) -> None:
        if self.phone is not None:
            phone, self.phone = self.phone, None
            phone.lock()

    def _on_touch(self, *_: object) -> None:
        self._touched = Clock.get_time()

    def _lock_when_quiet(self, *_: object) -> None:
        if self.phone is not None and Clock.get_time() - self._touched > QUIET_MINUTES * 60:
            self.lock()

    # going from screen to screen

    def go(self, name: str, **what: Any) -> None:
        """Show a screen; the families and the PIN are places that nothing lies behind."""
        if name in ("unlock", "families"):
            self._way.clear()
        elif self._way and self._way[-1][0] == name:
            self._way.pop()
        self._way.append((name, {} if name == "families" else what))
        self._enter(name, what)

    def back(self, *_: object) -> None:
        """The screen before this one, unless this one is doing what cannot be left half done."""
        if len(self._way) > 1 and not getattr(self.screens.current_screen, "busy", False):
            self._way.pop()
            self._enter(*self._way[-1])

    def replace_here(self, **what: Any) -> None:
        """Come back to this screen, from a later one, to see `what` instead."""
        self._way[-1] = (self.screen_name, what)

    def _enter(self, name: str, what: dict[str, Any]) -> None:
        screen = self._screen(name)
        self.screen_name = name
        self.screens.current = name
        screen.enter(**what)

    def _screen(self, name: str) -> Place:
        if not self.screens.has_screen(name):
            module = import_module(f"mobile.screens.{name}")
            self.screens.add_widget(getattr(module, SCREENS[name])(name=name))
        return self.screens.get_screen(name)

    def _on_key(self, _window: object, key: int, *_: object) -> bool:
        if key != 27:  # the back key of Android, Escape on a keyboard
            return False
        over = next((w for w in self.layer.children if hasattr(w, "close")), None)
        if over is not None:
            over.close()
        elif len(self._way) > 1:
            self.back()
        else:
            return False
        return True

    @property
    def is_still(self) -> bool:
        """Whether nothing that is read, saved or pulled is on its way to the screen."""
        return not self.waiting and not self._refresh_soon.is_triggered

    # what screens ask for

    def work(
        self,
        job: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do a job off the main thread, one after the other, and `then` back on it.

        An exception goes to `failed`; without it the words are shown in a dialog.
        """
        self._deliver(self._worker.submit(job), then, failed)

    def aside(
        self,
        job: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Like `work`, for what waits on the network and must not hold anything up."""
        self._deliver(self._caller.submit(job), then, failed)

    def saved(
        self,
        future: Future[Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Wait for the store without blocking: `then` only once it is durable."""
        self._deliver(future, then, failed)

    def _deliver(
        self,
        future: Future[Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        self.waiting += 1

        def back(*_: object) -> None:
            self.waiting -= 1
            error = future.exception()
            if error is None:
                then(future.result())
            elif isinstance(error, Exception):
                (failed or self.trouble)(error)

        future.add_done_callback(lambda _: Clock.schedule_once(back, 0))

    def trouble(self, error: Exception) -> None:
        """Say in words what did not work; a fault of ours is raised, not hidden."""
        from mobile.widgets.sheet import Dialog

        if not words.is_for_people(error):
            raise error
        Dialog(title=words.TROUBLE, words=str(error)).ask((words.OK, "primary", None)).open(
            self.layer
        )

    def tell(self, text: str, icon: str = "info", above: float = 0) -> None:
        """A sentence at the bottom that passes."""
        from mobile.widgets.sheet import Snackbar

        Snackbar(text=text, icon=icon, above=above).show(self.layer)

    def call(self, label: str, number: str) -> None:
        """Start a call, or say what to dial where the device cannot."""
        self.tell(words.CALLING.format(label=label, words=self.device.dial(number)), "phone")

    # changes from the courier's thread

    def _on_change(self) -> None:
        Clock.schedule_once(lambda *_: self._refresh_soon(), 0)

    def _refresh(self, *_: object) -> None:
        if self.phone is not None:
            self.screens.current_screen.refresh()
