"""A row that is one widget: its words, icons and ground are drawn straight on the canvas."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.graphics import (
    Color,
    PopMatrix,
    PushMatrix,
    Rectangle,
    SmoothRoundedRectangle,
    Translate,
)
from kivy.metrics import dp
from kivy.properties import (
    BooleanProperty,
    ListProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.recycleview.views import RecycleDataViewBehavior
from kivy.uix.widget import Widget

from mobile import theme
from mobile.widgets.lines import height_of, lay, words_of

# What a ground looks like: (fill token or "", border token or "").
GROUNDS = {
    "none": ("", ""),
    "card": ("surface", "line"),
    "sunk": ("sunk", ""),
    "wash": ("wash", "primary"),
    "touch": ("surface", "edge"),
    "outline": ("", "edge"),
    "primary": ("primary", "primary"),
    "danger": ("danger", "danger"),
    "bar": ("bar", "bar"),
    **{tone: (f"{tone}_wash", tone) for tone in ("immediate", "significant", "low", "fine", "gap")},
}
RADIUS = 12


def row_height(lines: tuple, width: float, pad: tuple = (16, 14), least: float = 0,
               trail: bool = False, gap: float = 0) -> float:  # fmt: skip
    """Height in pixels of a painted row of this width; `gap` is empty space kept below it."""
    inner = width - 2 * dp(pad[0]) - (dp(28) if trail else 0)
    return max(dp(least), height_of(lines, int(inner)) + 2 * dp(pad[1])) + dp(gap)


class Painted(RecycleDataViewBehavior, Widget):
    """Draws `lines` on a `ground`. Everything it shows is given by data; it keeps nothing."""

    lines = ObjectProperty(())
    ground = StringProperty("card")
    pad = ListProperty([16, 14])
    edge = StringProperty("all")  # which corners are round: all, top, bottom, none
    trail = StringProperty("")  # an icon at the right, in the middle
    trail_tone = StringProperty("faint")
    margin = NumericProperty(0)  # empty space at both sides, dp
    gap = NumericProperty(0)  # empty space below, dp
    mark = StringProperty("")  # a bar of this tone along the left side
    least = NumericProperty(0)  # least height, dp
    auto_height = BooleanProperty(False)  # take the height the lines need (not in a RecycleView)
    text = StringProperty("")

    def __init__(self, **kwargs: object) -> None:
        self._paint_soon = Clock.create_trigger(self._paint, -1)
        self._move = Translate(0, 0, 0)
        super().__init__(**kwargs)
        for name in ("lines", "ground", "pad", "edge", "trail", "trail_tone", "margin", "gap",
                     "mark", "size", "least"):  # fmt: skip
            self.fbind(name, self._changed)
        self.fbind("pos", self._moved)
        self._changed()

    def _changed(self, *_: object) -> None:
        self.text = words_of(self.lines)
        if self.auto_height and self.width > 1:
            self.height = self.needed() if self.lines else 0
        self._paint_soon()

    def needed(self) -> float:
        """Height in pixels that the lines need at the present width."""
        width = self.width - 2 * dp(self.margin)
        return row_height(tuple(self.lines), width, tuple(self.pad), self.least,
                          bool(self.trail), self.gap)  # fmt: skip

    def _moved(self, *_: object) -> None:
        self._move.xy = self.pos

    def _paint(self, *_: object) -> None:
        canvas = self.canvas
        canvas.clear()
        width = self.width - 2 * dp(self.margin)
        height = self.height - dp(self.gap)
        if width < dp(60) or height <= 0:
            return
        with canvas:
            PushMatrix()
            self._move = Translate(self.x, self.y, 0)  # a move redraws nothing
            self._paint_ground(dp(self.margin), dp(self.gap), width, height)
            self._paint_lines(dp(self.margin), dp(self.gap), width, height)
            PopMatrix()

    def _paint_ground(self, x: float, y: float, width: float, height: float) -> None:
        fill, border = GROUNDS[self.ground]
        r = dp(RADIUS)
        corners = {
            "all": [r] * 4, "top": [r, r, 0, 0], "bottom": [0, 0, r, r], "none": [0] * 4,
        }[self.edge]  # fmt: skip
        b = dp(1.5 if self.ground in ("wash", "touch", "outline") else 1)
        if border:
            Color(*theme.current.colour(border))
            SmoothRoundedRectangle(pos=(x, y), size=(width, height), radius=corners)
        if fill or border:
            Color(*theme.current.colour(fill or "surface"))
            # Where it joins another row it reaches a little over it, so that no seam shows.
            below = b if self.edge in ("all", "bottom") else -2
            above = b if self.edge in ("all", "top") else -2
            SmoothRoundedRectangle(
                pos=(x + b, y + below), size=(width - 2 * b, height - below - above),
                radius=[max(0, c - b) for c in corners])  # fmt: skip
        if self.mark:
            Color(*theme.current.colour(self.mark))
            SmoothRoundedRectangle(pos=(x, y + r), size=(dp(4), height - 2 * r), radius=[dp(2)])

    def _paint_lines(self, x: float, y: float, width: float, height: float) -> None:
        inner = width - 2 * dp(self.pad[0]) - (dp(28) if self.trail else 0)
        laid = lay(tuple(self.lines), int(inner), theme.current.name)
        x += dp(self.pad[0])
        top = y + height - (height - laid.height) / 2
        for piece in laid.pieces:
            if piece.kind == "ground":
                Color(*theme.current.ground(piece.tone))
                SmoothRoundedRectangle(
                    pos=(x + piece.x, top - piece.top - piece.height),
                    size=(piece.width, piece.height), radius=[dp(8)])  # fmt: skip
                continue
            Color(*theme.current.colour(piece.tone))  # a rule has no texture: it is a plain bar
            Rectangle(pos=(round(x + piece.x), round(top - piece.top - piece.height)),
                      size=(piece.width, piece.height), texture=piece.texture)  # fmt: skip
        if self.trail:
            icon = theme.icon_texture(self.trail, 24)
            Color(*theme.current.colour(self.trail_tone))
            Rectangle(pos=(round(x + inner + dp(10)), round(y + height / 2 - icon.height / 2)),
                      size=icon.size, texture=icon)  # fmt: skip


class PaintedButton(ButtonBehavior, Painted):
    """A painted row that can be touched. `act` is called with `payload`, given by the data."""

    act = ObjectProperty(None, allownone=True)
    payload = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: object) -> None:
        self.acted = False
        super().__init__(**kwargs)
        self.fbind("state", self._changed)

    def refresh_view_attrs(self, rv: object, index: int, data: dict) -> None:
        """Become another row; a press that has done its work does not go over to it."""
        if self.acted:
            self.state = "normal"
        super().refresh_view_attrs(rv, index, data)

    def on_press(self) -> None:
        """Act at once on a quick tap: a ScrollView hands it on only after the finger has left,
        and would keep the release back for a fifth of a second."""
        self.acted = self.last_touch.time_end > 0
        if self.acted:
            self._call_up()

    def on_release(self) -> None:
        """Act when the finger leaves the row that it was put on."""
        if not self.acted:
            self._call_up()
        self.acted = False

    def _call_up(self) -> None:
        if self.act is not None:
            self.act(self.payload)

    def _paint_ground(self, x: float, y: float, width: float, height: float) -> None:
        super()._paint_ground(x, y, width, height)
        if self.state == "down":
            Color(*theme.current.primary[:3], 0.14)
            SmoothRoundedRectangle(pos=(x, y), size=(width, height), radius=[dp(RADIUS)])


class Plain(PaintedButton):
    """A painted row inside a list that only shows: touches pass it by."""

    def on_touch_down(self, touch: object) -> bool:
        """Never takes a touch."""
        return False
