"""Words and single icons for screens that are not lists."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from mobile import theme
from mobile.widgets import load_kv


class Words(Label):
    """A text of one role of the type scale that wraps and takes the height it needs."""

    role = StringProperty("body")
    tone = StringProperty("ink")

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.fbind("role", self._dress)
        self.fbind("tone", self._dress)
        self._dress()

    def _dress(self, *_: object) -> None:
        for name, value in theme.font(self.role).items():
            setattr(self, name, value)
        self.color = theme.current.colour(self.tone)


class Icon(Widget):
    """One icon of the font, `side` dp high, in the middle of its place."""

    name = StringProperty("info")
    tone = StringProperty("ink")
    side = NumericProperty(24)

    def __init__(self, **kwargs: object) -> None:
        self._paint_soon = Clock.create_trigger(self._paint, -1)
        super().__init__(**kwargs)
        for each in ("name", "tone", "side", "pos", "size"):
            self.fbind(each, self._paint_soon)
        self._paint_soon()

    def _paint(self, *_: object) -> None:
        self.canvas.clear()
        texture = theme.icon_texture(self.name, self.side)
        with self.canvas:
            Color(*theme.current.colour(self.tone))
            Rectangle(
                pos=(round(self.center_x - texture.width / 2),
                     round(self.center_y - texture.height / 2)),
                size=texture.size, texture=texture)  # fmt: skip


class Column(BoxLayout):
    """Things one under the other, as high as they need."""


class Page(ScrollView):
    """A column that scrolls."""


load_kv(__file__)
