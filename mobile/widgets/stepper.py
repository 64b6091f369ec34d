"""Rows with several targets: a number with its stepper, and a line of chips."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.recycleview.views import RecycleDataViewBehavior

from mobile.widgets import load_kv
from mobile.widgets.button import BigButton


class Stepper(RecycleDataViewBehavior, BoxLayout):
    """Less, the number itself (touch to type it), more; calls `act((what, payload))`."""

    value = StringProperty("")
    unit = StringProperty("")
    act = ObjectProperty(None, allownone=True)
    payload = ObjectProperty(None, allownone=True)
    margin = NumericProperty(16)
    gap = NumericProperty(0)
    lines = ObjectProperty(())

    def pressed(self, what: str) -> None:
        """Call up: 'less', 'more' or 'type'."""
        if self.act is not None:
            self.act((what, self.payload))


class Chips(RecycleDataViewBehavior, BoxLayout):
    """Up to four chips in a line, (name, words, icon, chosen); calls `act((name, payload))`."""

    chips = ListProperty([])
    act = ObjectProperty(None, allownone=True)
    payload = ObjectProperty(None, allownone=True)
    margin = NumericProperty(16)
    lines = ObjectProperty(())

    def __init__(self, **kwargs: object) -> None:
        self._fill_soon = Clock.create_trigger(self._fill, -1)
        super().__init__(**kwargs)
        self.fbind("chips", self._fill_soon)

    def _fill(self, *_: object) -> None:
        while len(self.children) > len(self.chips):
            self.remove_widget(self.children[0])
        while len(self.children) < len(self.chips):
            self.add_widget(BigButton(role="label", pad=[6, 4], least=48, act=self._pressed))
        for button, (name, words, icon, chosen) in zip(
            reversed(self.children), self.chips, strict=True
        ):
            button.payload, button.label, button.icon = name, words, icon
            button.kind = "chosen" if chosen else "choice"

    def _pressed(self, name: str) -> None:
        if self.act is not None:
            self.act((name, self.payload))


def chips(act: object, payload: object, *each: tuple[str, str, str, bool]) -> dict[str, Any]:
    """The data of a line of chips."""
    says = "\n".join(words for _, words, _, _ in each)
    return {"view": "Chips", "chips": list(each), "act": act, "payload": payload,
            "high": 48 + 10, "says": says}  # fmt: skip


def stepper(act: object, payload: object, value: str, unit: str) -> dict[str, Any]:
    """The data of a number with its stepper."""
    return {"view": "Stepper", "value": value, "unit": unit, "act": act, "payload": payload,
            "high": 72 + 10, "says": f"{value} {unit}"}  # fmt: skip


load_kv(__file__)
