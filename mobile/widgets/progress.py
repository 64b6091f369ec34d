"""A thin bar that says how far a visit is."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle
from kivy.metrics import dp
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from mobile import theme


class Progress(Widget):
    """From nothing at 0 to the whole width at 1; the words beside it say the same."""

    done = NumericProperty(0.0)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(size_hint_y=None, height=dp(4), **kwargs)
        self.bind(pos=self._paint, size=self._paint, done=self._paint)

    def _paint(self, *_: object) -> None:
        self.canvas.clear()
        with self.canvas:
            Color(*theme.current.bar)
            Rectangle(pos=self.pos, size=self.size)
            Color(*theme.current.amber)
            Rectangle(pos=self.pos, size=(self.width * self.done, self.height))
