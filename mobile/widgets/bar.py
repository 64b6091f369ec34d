"""The app bar at the top of a screen and the bottom bar within reach of the thumb."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from mobile.widgets import load_kv


class AppBar(BoxLayout):
    """Where I am, the way back, and at most two actions (added as children)."""

    title = StringProperty("")
    subtitle = StringProperty("")
    has_back = BooleanProperty(False)
    __events__ = ("on_back",)

    def on_back(self) -> None:
        """The way back was taken."""


class BottomBar(BoxLayout):
    """The main actions of a screen, in the lower third."""


load_kv(__file__)
