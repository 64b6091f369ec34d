"""One `.py` and one `.kv` a screen: properties, and one `show` that sets them."""

from __future__ import annotations

from typing import Any

from kivy.app import App
from kivy.uix.screenmanager import Screen


class Place(Screen):
    """A screen of the app: `enter` is called each time it is come to, `refresh` when the phone's
    records changed while it is shown."""

    @property
    def app(self) -> Any:
        """The running app."""
        return App.get_running_app()

    def enter(self, **what: object) -> None:
        """Come to this screen, to see `what`."""

    def refresh(self) -> None:
        """The records changed: show them as they are now."""
