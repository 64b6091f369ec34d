"""A text field with its label above it and a hint inside."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.textinput import TextInput

from mobile.widgets import load_kv


class Input(TextInput):
    """The field itself: the theme's colours, the ordinary keyboard, no suggestions kept."""

    hint = StringProperty("")  # what is typed here, in words


class TextField(BoxLayout):
    """Label, field and an optional line of help; `value` is what was typed."""

    label = StringProperty("")
    value = StringProperty("")
    hint = StringProperty("")
    help = StringProperty("")
    many = BooleanProperty(False)
    lines_high = NumericProperty(1)
    input_type = StringProperty("text")


load_kv(__file__)
