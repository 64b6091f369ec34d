"""Two buttons beside one another as one row of a list."""

from __future__ import annotations

from kivy.properties import (
    BooleanProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.recycleview.views import RecycleDataViewBehavior

from mobile.widgets import load_kv


class Pair(RecycleDataViewBehavior, AnchorLayout):
    """One button, or two; each calls `act` with (its own name, payload)."""

    left = StringProperty("")
    left_icon = StringProperty("")
    left_kind = StringProperty("primary")
    right = StringProperty("")
    right_icon = StringProperty("")
    right_kind = StringProperty("quiet")
    act = ObjectProperty(None, allownone=True)
    payload = ObjectProperty(None, allownone=True)
    margin = NumericProperty(16)
    card = BooleanProperty(True)
    last = BooleanProperty(True)
    lines = ObjectProperty(())

    def pressed(self, side: str) -> None:
        """Call up: which of the two it was."""
        if self.act is not None:
            self.act((side, self.payload))


def pair(
    left: str,
    right: str = "",
    *,
    act: object,
    payload: object = None,
    icons: tuple[str, str] = ("", ""),
    kinds: tuple[str, str] = ("primary", "quiet"),
    last: bool = True,
) -> dict[str, object]:
    """The data of such a row, which closes the card above it when `last`."""
    return {
        "view": "Pair", "left": left, "right": right, "act": act, "payload": payload,
        "left_icon": icons[0], "right_icon": icons[1], "left_kind": kinds[0],
        "right_kind": kinds[1], "high": 56 + 16 + (12 if last else 0), "last": last,
        "card": True, "says": f"{left}\n{right}",
    }  # fmt: skip


load_kv(__file__)
