"""A text field with its label above it and a hint inside."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.textinput import TextInput

from mobile.widgets import load_kv


class Input(TextInput):
    """The field itself: the theme's colours, the ordinary keyboard, no suggestions kept."""

    hint = StringProperty("")  # what is typed here, in words
    wrong = BooleanProperty(False)


class TextField(BoxLayout):
    """Label, field and an optional line of help; `value` is what was typed.

    `problem` takes the place of the help; `masked` shows dots and gives nothing to the clipboard;
    `suggests`: whether the keyboard may learn from it; `locked`: it cannot be changed just now.
    """

    label = StringProperty("")
    value = StringProperty("")
    hint = StringProperty("")
    help = StringProperty("")
    many = BooleanProperty(False)
    lines_high = NumericProperty(1)
    input_type = StringProperty("text")
    problem = StringProperty("")
    masked = BooleanProperty(False)
    suggests = BooleanProperty(True)
    locked = BooleanProperty(False)


load_kv(__file__)
