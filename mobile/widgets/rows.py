"""A list of rows from data, of which only the visible ones exist as widgets."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent
from kivy.metrics import dp
from kivy.properties import ListProperty
from kivy.uix.recycleview import RecycleView

from mobile.widgets import load_kv
from mobile.widgets.painted import row_height

DEFAULTS = {
    "view": "PaintedButton", "lines": (), "ground": "card", "pad": (16, 14), "edge": "all",
    "trail": "", "trail_tone": "faint", "margin": 16, "gap": 0, "mark": "", "least": 0,
    "act": None, "payload": None,
}  # fmt: skip


class Rows(RecycleView):
    """Takes `rows`, dicts of what each row shows; works out heights; keeps the place."""

    rows = ListProperty([])

    def __init__(self, **kwargs: object) -> None:
        self._wanted: tuple[int, float] | None = None
        self._fingers: list[MotionEvent] = []
        super().__init__(**kwargs)
        self.fbind("rows", self._lay_out)
        self.fbind("width", self._lay_out)
        self.fbind("height", self._lay_out)

    def _lay_out(self, *_: object) -> None:
        if self.width <= dp(100):
            return
        if self._is_touched():
            Clock.schedule_once(self._lay_out, 0.05)  # not under a finger: it would hit another row
            return
        before, top = self._scrolled()
        self.data = [self._with_height(DEFAULTS | row) for row in self.rows]
        if self._wanted is not None:
            self.show_row(*self._wanted)
        elif before:
            self._scroll_back(top)

    def _is_touched(self) -> bool:
        self._fingers = [finger for finger in self._fingers if finger.time_end < 0]
        views = self.layout_manager.children if self.layout_manager else []
        held = any(v.state == "down" and not v.acted for v in views if hasattr(v, "acted"))
        return bool(self._fingers) or held

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Know of every finger on the list: rows must not shift between down and up."""
        if self.collide_point(*touch.pos):
            self._fingers.append(touch)
            self._wanted = None
        return super().on_touch_down(touch)

    def _with_height(self, row: dict) -> dict:
        if "high" in row:
            height = dp(row["high"])
        else:
            height = row_height(
                tuple(row["lines"]), self.width - 2 * dp(row["margin"]), tuple(row["pad"]),
                row["least"], bool(row["trail"]), row["gap"])  # fmt: skip
        row["row_size"] = (self.width, height)
        return row

    def _scrolled(self) -> tuple[bool, float]:
        """Whether there is a place to keep, and how far down the top edge stands, in pixels."""
        total = sum(row["row_size"][1] for row in self.data)
        return bool(self.data), max(0.0, total - self.height) * (1 - self.scroll_y)

    def _scroll_back(self, top: float) -> None:
        total = sum(row["row_size"][1] for row in self.data)
        spare = total - self.height
        self.scroll_y = 1 if spare <= 0 else max(0.0, min(1.0, 1 - top / spare))

    def show_row(self, number: int, above: float = 0) -> None:
        """Scroll so that row `number` stands at the top, `above` dp below the edge.

        It stays there while the list is given its size, which may take several frames, until a
        finger moves it.
        """
        self._wanted = (number, above)
        if len(self.data) != len(self.rows) or self.height <= dp(100):
            return
        self._scroll_back(sum(r["row_size"][1] for r in self.data[:number]) - dp(above))

    def to_top(self) -> None:
        """Scroll to the first row."""
        self._wanted = None
        self.scroll_y = 1


load_kv(__file__)
