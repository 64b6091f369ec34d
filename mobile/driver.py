"""Drives the real app by real touches in this process and waits for what it shows, never a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from mobile.main import prepare

prepare(unhurried=False)

# Kivy reads its environment when it is imported, so it comes after `prepare`.
from kivy.app import App  # noqa: E402
from kivy.base import EventLoop  # noqa: E402
from kivy.clock import Clock  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels  # noqa: E402
from kivy.input.motionevent import MotionEvent  # noqa: E402
from kivy.lang import Builder  # noqa: E402
from kivy.uix.scrollview import ScrollView  # noqa: E402
from kivy.uix.widget import Widget  # noqa: E402

from mobile.app import ThresholdApp  # noqa: E402
from mobile.ports import DesktopDevice  # noqa: E402

BREATH = 0.001  # between two looks, so that the app's own threads get their turn
PATIENCE_FOR_A_TARGET = 5.0
PATIENCE = 20.0  # seconds to wait for a condition before saying that it never came true


class NotShown(AssertionError):
    """What was waited for or looked for is not on the screen; the words say what is."""


class Finger(MotionEvent):
    """One finger on the glass."""

    def __init__(self, x: float, y: float) -> None:
        place = {"x": x / max(1, Window.width - 1), "y": y / max(1, Window.height - 1)}
        super().__init__("finger", id(self), place, is_touch=True, type_id="touch")

    def depack(self, args: dict[str, float]) -> None:
        """Take the place from what the constructor or a move was given."""
        self.sx, self.sy = args["x"], args["y"]
        self.profile = ["pos"]
        super().depack(args)

    def down(self) -> None:
        """Put it on the glass."""
        EventLoop.post_dispatch_input("begin", self)

    def slide(self, x: float, y: float) -> None:
        """Move it."""
        self.move({"x": x / max(1, Window.width - 1), "y": y / max(1, Window.height - 1)})
        EventLoop.post_dispatch_input("update", self)

    def up(self) -> None:
        """Lift it, and note when, as the drivers of real screens do."""
        self.update_time_end()
        EventLoop.post_dispatch_input("end", self)


class Driver:
    """A practitioner's finger and eyes on one running app."""

    def __init__(self, app: ThresholdApp, *, draw: bool = False) -> None:
        self.app = app
        self.draw = draw
        self.is_open = True
        app._run_prepare()
        EventLoop.status = "started"
        self.frames(3)

    @classmethod
    def start(cls, home: Path, *, draw: bool = False, **options: object) -> Driver:
        """Open the app on the store folder `home`; `draw` rasterises every frame."""
        return cls(ThresholdApp(DesktopDevice(home), **options), draw=draw)

    # frames and waiting

    def frames(self, count: int = 1) -> None:
        """Let the app run so many frames; rasterised only if `draw`."""
        for _ in range(count):
            if self.draw:
                EventLoop.idle()
                continue
            Clock.tick()
            EventLoop.dispatch_input()
            Builder.sync()
            Clock.tick_draw()
            Builder.sync()

    def wait(self, condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Run frames until the condition holds; raises NotShown with what is shown instead."""
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end:
                raise NotShown(f"Waited {patience:.0f} s for {what}.\nShown: {self.words()}")
            self.frames()
            time.sleep(BREATH)

    def on(self, screen: str, patience: float = PATIENCE) -> None:
        """Wait until this screen is shown and has been laid out."""
        self.wait(lambda: self.app.screen_name == screen, f"the screen {screen}", patience)
        self.frames(3)

    def settled(self) -> None:
        """Wait until nothing that the app reads or saves is still on its way to the screen."""
        self.frames(3)
        self.wait(lambda: self.app.is_still, "everything under way to arrive")
        self.frames(3)

    def wait_text(self, text: str, patience: float = PATIENCE) -> None:
        """Wait until these words can be seen, or scrolled to."""
        self.wait(lambda: self.says(text), f"the words {text!r}", patience)

    # looking

    def widgets(self, root: Widget | None = None) -> Iterator[Widget]:
        """Every widget below `root`; without it, in the window or in the sheet over the rest."""
        over = next((w for w in self.app.layer.children if hasattr(w, "close")), None)
        for each in [root or over] if root or over else list(Window.children):
            yield from each.walk()

    def words(self) -> str:
        """All words on the screen, from top to bottom."""
        found = [(w.to_window(*w.pos)[1], str(w.text)) for w in self.widgets()
                 if getattr(w, "text", "") and w.opacity > 0]  # fmt: skip
        return " | ".join(text.replace("\n", " / ") for _, text in sorted(found, reverse=True))

    def sees(self, text: str) -> bool:
        """Whether a widget now in the window says this, whole or in part."""
        return any(text in str(getattr(w, "text", "")) and w.opacity > 0 for w in self.widgets())

    def says(self, text: str) -> bool:
        """Whether it can be seen, or is in a list's rows and can be scrolled to."""
        return self.sees(text) or self._row_with(text) is not None

    def find(self, text: str = "", *, hint: str = "", where: Callable | None = None) -> Widget:
        """The topmost widget that says this, touchable ones first; raises NotShown."""
        hits = [w for w in self.widgets() if w.opacity > 0 and self._matches(w, text, hint)
                and (where is None or where(w))]  # fmt: skip
        if not hits:
            raise NotShown(f"No {text or hint!r} on the screen. Shown: {self.words()}")
        exact = [w for w in hits if text and str(w.text) == text]
        touchable = [w for w in exact or hits if self.takes_touches(w)]
        inside = [w for w in touchable or exact or hits if self._is_in_window(w)]
        return max(inside or touchable or exact or hits, key=lambda w: w.to_window(*w.pos)[1])

    @staticmethod
    def _is_in_window(widget: Widget) -> bool:
        x, y = widget.to_window(*widget.center)
        return 0 <= x < Window.width and 0 <= y < Window.height

    @staticmethod
    def takes_touches(widget: Widget) -> bool:
        return hasattr(widget, "state") and type(widget).__name__ != "Plain"

    @staticmethod
    def _matches(widget: Widget, text: str, hint: str) -> bool:
        if hint:
            return getattr(widget, "hint", None) == hint
        return text in str(getattr(widget, "text", ""))

    # touching

    def tap(self, target: str | Widget = "", *, hint: str = "") -> None:
        """Touch what says this, once it is there and in sight; or this widget, or icon `hint`."""
        if isinstance(target, str) and target:
            self.wait_text(target, patience=PATIENCE_FOR_A_TARGET)
            self.scroll_to(target)
        widget = target if isinstance(target, Widget) else self.find(target, hint=hint)
        x, y = widget.to_window(*widget.center)
        if not (0 <= x < Window.width and 0 <= y < Window.height) or widget.disabled:
            raise NotShown(f"{target or hint!r} cannot be touched: it is at {x:.0f},{y:.0f}")
        self.tap_at(x, y)

    def tap_icon(self, hint: str) -> None:
        """Touch the button without words that does this: 'Back', 'Sections', 'Lock'."""
        self.tap(hint=hint)

    def tap_at(self, x: float, y: float) -> None:
        """Touch this place of the window."""
        finger = Finger(x, y)
        finger.down()
        self.frames()
        finger.up()
        self.frames(2)

    def drag(self, x: float, y: float, dx: float, dy: float, steps: int = 8) -> None:
        """Put a finger down, draw it along, and lift it."""
        finger = Finger(x, y)
        finger.down()
        for step in range(1, steps + 1):
            finger.slide(x + dx * step / steps, y + dy * step / steps)
            self.frames()
        finger.up()
        self.frames(3)

    def type(self, text: str) -> None:
        """Type on the keyboard."""
        for letter in text:
            Window.dispatch("on_textinput", letter)
            self.frames()

    def key(self, name: str) -> None:
        """Press one key of the keyboard: 'backspace', 'escape', 'enter'."""
        code = {"backspace": 8, "enter": 13, "escape": 27}[name]
        Window.dispatch("on_key_down", code, 0, None, [])
        Window.dispatch("on_key_up", code, 0)
        self.frames()

    def enter_pin(self, pin: str) -> None:
        """Tap the digits and unlock."""
        self.on("unlock")
        for digit in pin:
            self.tap(hint=f"digit {digit}")
        self.tap(hint="Unlock")

    # scrolling

    def scroll_to(self, text: str) -> None:
        """Bring what says this into sight: a row of a list, or a place in a page."""
        self.frames(3)  # rows are made a frame after their data
        if self._row_with(text) is not None:
            self.wait(lambda: self._has_in_sight(text), f"{text!r} in sight", 5.0)
            return
        for widget in self.widgets():
            if text in str(getattr(widget, "text", "")) and widget.opacity > 0:
                self._scroll_parents(widget)
                return

    def _has_in_sight(self, text: str) -> bool:
        found = self._row_with(text)
        if found is None:
            return True  # it went away: the next look says so
        rows, number = found
        touchable = rows.data[number]["act"] is not None
        for widget in rows.walk():
            if touchable and not self.takes_touches(widget):
                continue
            if text in str(getattr(widget, "text", "")) and self.in_sight(widget, rows):
                return True
        rows.show_row(number, above=80)
        return False

    def _row_with(self, text: str) -> tuple[Widget, int] | None:
        """The list and number of the first row that says this, one that can be touched first."""
        found = []
        for rows in (w for w in self.widgets() if type(w).__name__ == "Rows"):
            for number, row in enumerate(rows.data):
                said = "\n".join(f"{line.text} {line.end}" for line in row["lines"])
                if text in said or text in str(row.get("says", "")):
                    found.append((text != said.strip(), row["act"] is None, rows, number))
        return min(found, key=lambda each: each[:2])[2:] if found else None

    @staticmethod
    def in_sight(widget: Widget, rows: Widget) -> bool:
        """Whether the middle of it, which is what a finger aims at, is inside the list."""
        middle = widget.to_window(*widget.center)[1]
        low = rows.to_window(*rows.pos)[1]
        return low + 2 < middle < low + rows.height - 2

    def _scroll_parents(self, widget: Widget) -> None:
        parent = widget.parent
        while parent is not None and parent is not Window:
            if isinstance(parent, ScrollView) and type(parent).__name__ != "Rows":
                if not self.in_sight(widget, parent):
                    parent.scroll_to(widget, animate=False)
                    self.frames(3)
                return
            parent = parent.parent

    # pictures and the end

    def shot(self, path: Path) -> Path:
        """Draw the window and save it as a PNG; returns its path."""
        from PIL import Image

        self.frames(2)
        self.wait(lambda: not self._pressed(), "nothing to be pressed any more")
        width, height = Window.system_size
        Window.canvas.ask_update()
        Window.dispatch("on_draw")
        pixels = glReadPixels(0, 0, int(width), int(height), GL_RGBA, GL_UNSIGNED_BYTE)
        image = Image.frombytes("RGBA", (int(width), int(height)), pixels)
        path.parent.mkdir(parents=True, exist_ok=True)
        image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("RGB").save(path)
        Window.flip()
        return path

    def _pressed(self) -> bool:
        return any(getattr(w, "state", "") == "down" for w in self.widgets())

    def close(self) -> None:
        """Stop the app and leave the window empty for the next one."""
        self.is_open = False
        self.app.dispatch("on_stop")
        for child in list(Window.children):
            Window.remove_widget(child)
        for event in Clock.get_events():
            event.cancel()
        EventLoop.status = "idle"
        App._running_app = None
