"""The app's own light widgets, each a `.py` with a `.kv` of the same name where it has rules."""

from pathlib import Path

from kivy.factory import Factory
from kivy.lang import Builder

# Class: the module that defines it, imported when a `.kv` or a list first names the class.
CLASSES = {
    "AppBar": "bar",
    "BigButton": "button",
    "BottomBar": "bar",
    "Chips": "stepper",
    "Column": "words",
    "Dots": "pinpad",
    "Icon": "words",
    "IconButton": "button",
    "Input": "field",
    "Mark": "pinpad",
    "Page": "words",
    "Pair": "pair",
    "PaintedButton": "painted",
    "PinPad": "pinpad",
    "Plain": "painted",
    "Progress": "progress",
    "Rows": "rows",
    "Stepper": "stepper",
    "Words": "words",
}
for _name, _module in CLASSES.items():
    Factory.register(_name, module=f"mobile.widgets.{_module}")

_loaded: set[str] = set()


def load_kv(python_file: str) -> None:
    """Load the `.kv` beside a widget's or a screen's module, once in a process."""
    path = str(Path(python_file).with_suffix(".kv"))
    if path not in _loaded:
        _loaded.add(path)
        Builder.load_file(path)
