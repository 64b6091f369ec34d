"""The PIN pad, the dots that count what was entered, and the app's mark."""

from __future__ import annotations

from kivy.graphics import Color, Ellipse, Rectangle, SmoothEllipse, SmoothRoundedRectangle
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from mobile import theme
from mobile.widgets import load_kv


class Mark(Widget):
    """The mark: an open door with light in it, over an amber sill."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.bind(pos=self._paint, size=self._paint)

    def _paint(self, *_: object) -> None:
        self.canvas.clear()
        side = min(self.size)
        x, y = self.center_x - side / 2, self.center_y - side / 2

        def at(left: float, low: float, wide: float, high: float) -> dict[str, object]:
            return {"pos": (x + left * side, y + low * side), "size": (wide * side, high * side)}

        with self.canvas:
            Color(*theme.rgba(theme.LIGHT.primary))
            SmoothRoundedRectangle(**at(0, 0, 1, 1), radius=[side * 0.24])
            Color(*theme.rgba(theme.LIGHT.paper))
            SmoothRoundedRectangle(
                **at(0.29, 0.24, 0.42, 0.56), radius=[side * 0.21, side * 0.21, 0, 0]
            )
            Color(*theme.rgba(theme.LIGHT.bar))
            SmoothRoundedRectangle(**at(0.345, 0.24, 0.2, 0.5), radius=[side * 0.15, 0, 0, 0])
            Color(*theme.rgba(theme.LIGHT.amber))
            SmoothEllipse(**at(0.48, 0.44, 0.045, 0.045))
            SmoothRoundedRectangle(**at(0.2, 0.17, 0.6, 0.06), radius=[side * 0.03])


class Dots(Widget):
    """One dot for each digit entered, at least six places."""

    count = NumericProperty(0)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.bind(pos=self._paint, size=self._paint, count=self._paint)

    def _paint(self, *_: object) -> None:
        self.canvas.clear()
        places = min(16, max(6, int(self.count)))
        side, step = dp(14), dp(14 + 12)
        left = self.center_x - (places * step - dp(12)) / 2
        with self.canvas:
            for place in range(places):
                x, y = left + place * step, self.center_y - side / 2
                full = place < self.count
                Color(*theme.current.colour("primary" if full else "edge"))
                SmoothEllipse(pos=(x, y), size=(side, side))
                if not full:
                    Color(*theme.current.paper)
                    SmoothEllipse(pos=(x + dp(2), y + dp(2)), size=(side - dp(4), side - dp(4)))


class Key(ButtonBehavior, Widget):
    """One key of the pad: a digit, or an icon; `hint` says what it does."""

    digit = StringProperty("")
    icon = StringProperty("")
    hint = StringProperty("")
    filled = BooleanProperty(False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("pos", "size", "state", "disabled", "filled"):
            self.fbind(name, self._paint)

    def _paint(self, *_: object) -> None:
        self.canvas.clear()
        down = self.state == "down"
        ground = "primary" if self.filled else "wash" if down else "surface"
        with self.canvas:
            if self.digit or self.filled:
                Color(*theme.current.colour("line"))
                SmoothRoundedRectangle(pos=self.pos, size=self.size, radius=[dp(18)])
                Color(*theme.current.colour(ground)[:3], 0.8 if self.filled and down else 1)
                b = dp(1)
                SmoothRoundedRectangle(pos=(self.x + b, self.y + b), radius=[dp(17)],
                                       size=(self.width - 2 * b, self.height - 2 * b))  # fmt: skip
            elif down:
                Color(*theme.current.colour("wash"))
                Ellipse(pos=(self.center_x - dp(28), self.center_y - dp(28)),
                        size=(dp(56), dp(56)))  # fmt: skip
            texture = (theme.text_texture(self.digit, "title", dp(60)) if self.digit
                       else theme.icon_texture(self.icon, 28))  # fmt: skip
            tone = "on_primary" if self.filled else "faint" if self.disabled else "ink"
            Color(*theme.current.colour(tone))
            Rectangle(pos=(round(self.center_x - texture.width / 2),
                           round(self.center_y - texture.height / 2)),
                      size=texture.size, texture=texture)  # fmt: skip


class PinPad(GridLayout):
    """Ten digits, one to take back, one to unlock."""

    able = BooleanProperty(True)
    has_digits = BooleanProperty(False)
    __events__ = ("on_digit", "on_erase", "on_done")

    def on_digit(self, digit: str) -> None:
        """A digit was touched."""

    def on_erase(self) -> None:
        """The last digit is to go."""

    def on_done(self) -> None:
        """The PIN is complete."""


load_kv(__file__)
