"""Buttons: big ones with words, small ones with an icon only."""

from __future__ import annotations

from kivy.graphics import Color, Ellipse, Rectangle
from kivy.metrics import dp
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

from mobile import theme
from mobile.widgets import load_kv
from mobile.widgets.lines import Line, lay
from mobile.widgets.painted import PaintedButton
from mobile.widgets.words import Icon

# kind: (ground, tone of the words)
KINDS = {
    "primary": ("primary", "on_primary"),
    "danger": ("danger", "on_danger"),
    "quiet": ("touch", "primary"),
    "bare": ("none", "primary"),
    "chosen": ("wash", "on_wash"),
    "choice": ("touch", "ink"),
    "off": ("sunk", "soft"),
}


class BigButton(PaintedButton):
    """A button at least 48 dp high, its words in the middle; calls `act(payload)`."""

    label = StringProperty("")
    kind = StringProperty("primary")
    icon = StringProperty("")
    role = StringProperty("strong")
    hint = StringProperty("")  # what it does, where it has no words

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        for name in ("label", "kind", "icon", "role"):
            self.fbind(name, self._dress)
        self._dress()

    def _dress(self, *_: object) -> None:
        ground, tone = KINDS[self.kind]
        self.ground = ground
        size = 20 if self.role == "label" else 24
        self.lines = (Line(self.label, self.role, tone, self.icon, icon_size=size),)

    def _paint_lines(self, x: float, y: float, width: float, height: float) -> None:
        """The words in the middle, not at the left."""
        inner = int(width - 2 * dp(self.pad[0]))
        laid = lay(tuple(self.lines), inner, theme.current.name)
        taken = max((p.x + p.width for p in laid.pieces), default=0)
        start = x + dp(self.pad[0]) + max(0, (inner - taken) / 2)
        top = y + (height + laid.height) / 2
        for piece in laid.pieces:
            Color(*theme.current.colour(piece.tone))
            Rectangle(pos=(round(start + piece.x), round(top - piece.top - piece.height)),
                      size=(piece.width, piece.height), texture=piece.texture)  # fmt: skip


class IconButton(ButtonBehavior, Icon):
    """An icon to touch, 48 dp at least; `badge` is a small count at its corner."""

    badge = NumericProperty(0)
    hint = StringProperty("")  # what it does, in words: for tests and for later screen readers

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.fbind("badge", self._paint_soon)
        self.fbind("state", self._paint_soon)

    def _paint(self, *_: object) -> None:
        super()._paint()
        with self.canvas:
            if self.state == "down":
                Color(*theme.current.colour(self.tone)[:3], 0.18)
                side = dp(44)
                Ellipse(pos=(self.center_x - side / 2, self.center_y - side / 2),
                        size=(side, side))  # fmt: skip
            if self.badge:
                self._paint_badge()

    def _paint_badge(self) -> None:
        words = theme.text_texture(str(int(self.badge)) if self.badge < 100 else "99", "label",
                                   dp(40))  # fmt: skip
        side = dp(20)
        x, y = self.center_x + dp(2), self.center_y + dp(2)
        Color(*theme.current.amber)
        Ellipse(pos=(x, y), size=(side, side))
        Color(*theme.rgba(theme.LIGHT.ink))
        Rectangle(pos=(round(x + (side - words.width) / 2), round(y + (side - words.height) / 2)),
                  size=words.size, texture=words)  # fmt: skip


load_kv(__file__)
