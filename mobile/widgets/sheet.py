"""What comes over a screen: a sheet from below, a dialog in the middle, a snackbar that passes."""

from __future__ import annotations

from collections.abc import Callable

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from mobile.widgets import load_kv
from mobile.widgets.button import BigButton


class Over(FloatLayout):
    """A layer above the screens that takes every touch until it is closed."""

    title = StringProperty("")
    is_open = BooleanProperty(False)
    can_dismiss = BooleanProperty(True)
    keyboard = NumericProperty(0)
    __events__ = ("on_close",)

    def open(self, layer: FloatLayout) -> None:
        """Put this over everything in `layer`."""
        layer.add_widget(self)
        self.is_open = True

    def close(self, *_: object) -> None:
        """Take it away again; closing twice is the same as once."""
        if self.is_open:
            self.is_open = False
            self.dispatch("on_close")
            self.parent.remove_widget(self)

    def on_close(self) -> None:
        """It is going away."""

    def most(self, window_height: float) -> float:
        """The greatest height of a panel, in pixels: something of the screen stays in sight."""
        return window_height - dp(88)

    def on_touch_down(self, touch: object) -> bool:
        """Touches outside the panel close it; none reaches the screen below."""
        if super().on_touch_down(touch):
            return True
        if self.can_dismiss and not self.ids.panel.collide_point(*touch.pos):
            self.close()
        return True

    def on_touch_move(self, touch: object) -> bool:
        """None passes through."""
        super().on_touch_move(touch)
        return True

    def on_touch_up(self, touch: object) -> bool:
        """None passes through."""
        super().on_touch_up(touch)
        return True


class Sheet(Over):
    """A panel from below that holds what is added with `fill`."""

    def fill(self, *widgets: object) -> Sheet:
        """Put these one under the other; returns the sheet, to be opened."""
        for widget in widgets:
            self.ids.column.add_widget(widget)
        return self


class ListSheet(Over):
    """A panel from below with a list from data."""

    rows = ListProperty([])


class Dialog(Over):
    """A question in the middle, with its words and one or two buttons."""

    words = StringProperty("")

    def ask(self, *buttons: tuple[str, str, Callable[[], None] | None]) -> Dialog:
        """Give it buttons of (words, kind, what to do), each of which closes it."""
        for label, kind, act in buttons:
            self.ids.buttons.add_widget(
                BigButton(label=label, kind=kind, act=lambda _, act=act: self._answer(act))
            )
        return self

    def _answer(self, act: Callable[[], None] | None) -> None:
        self.close()
        if act is not None:
            act()


class Snackbar(FloatLayout):
    """A sentence at the bottom that goes by itself; never the only place of something said."""

    text = StringProperty("")
    icon = StringProperty("info")
    above = NumericProperty(0)

    def show(self, layer: FloatLayout, seconds: float = 5) -> None:
        """Show it over `layer` for so many seconds."""
        for other in [w for w in layer.children if isinstance(w, Snackbar)]:
            layer.remove_widget(other)
        layer.add_widget(self)
        Clock.schedule_once(self._go, seconds)

    def _go(self, *_: object) -> None:
        if self.parent is not None:
            self.parent.remove_widget(self)


load_kv(__file__)
