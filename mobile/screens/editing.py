"""Sheets in which something is typed or picked: words, a number, a reason, who told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.clock import Clock

from mobile.screens import words
from mobile.widgets.button import BigButton
from mobile.widgets.field import TextField
from mobile.widgets.painted import PaintedButton
from mobile.widgets.sheet import Sheet
from mobile.widgets.words import Words

PAUSE = 0.6  # seconds without a key after which what is typed is saved


def write(
    layer: Any,
    title: str,
    value: str,
    save: Callable[[str], None],
    *,
    hint: str = "",
    help_words: str = "",
    label: str = "",
) -> Sheet:
    """A sheet for a longer text, saved when the typing pauses and when it is closed."""
    sheet = Sheet(title=title)
    field = TextField(label=label, value=value, hint=hint, many=True, lines_high=6, help=help_words)
    kept = [value]

    def keep(*_: object) -> None:
        if field.value != kept[0]:
            kept[0] = field.value
            save(field.value.strip())

    soon = Clock.create_trigger(keep, PAUSE)
    field.bind(value=soon)
    sheet.bind(on_close=lambda *_: (soon.cancel(), keep()))
    sheet.fill(field, BigButton(label=words.SAVE, icon="check", act=sheet.close))
    sheet.open(layer)
    Clock.schedule_once(lambda *_: setattr(field.ids.field, "focus", True), 0)
    return sheet


def ask_words(
    layer: Any,
    title: str,
    value: str,
    save: Callable[[str], str],
    *,
    hint: str = "",
    help_words: str = "",
    number: bool = False,
    remove: tuple[str, Callable[[], None]] | None = None,
) -> Sheet:
    """A sheet for one answer that is taken whole: `save` gives "" or why it will not do."""
    sheet = Sheet(title=title)
    kind = "number" if number else "text"
    field = TextField(value=value, hint=hint, many=not number, lines_high=1 if number else 3,
                      help=help_words, input_type=kind)  # fmt: skip
    problem = Words(role="strong", tone="immediate", text="")

    def focus() -> None:
        Clock.schedule_once(lambda *_: setattr(field.ids.field, "focus", True), 0)

    def done(*_: object) -> None:
        problem.text = save(field.value.strip())
        if problem.text:
            focus()  # so that she can put it right at once
        else:
            sheet.close()

    field.ids.field.bind(on_text_validate=done)
    sheet.fill(field, problem, BigButton(label=words.SAVE, icon="check", act=done))
    if remove:
        words_, act = remove
        sheet.fill(BigButton(label=words_, kind="bare", act=lambda _: (sheet.close(), act())))
    sheet.open(layer)
    focus()
    return sheet


def pick(
    layer: Any, title: str, choices: list[tuple[str, str, str]], chosen: Callable[[str], None],
    about: str = "",
) -> Sheet:  # fmt: skip
    """A sheet of big choices of (name, words, icon); `chosen` gets the name."""
    from mobile.widgets.lines import Line

    sheet = Sheet(title=title)
    if about:
        sheet.fill(Words(text=about, tone="soft"))

    def take(name: str) -> None:
        sheet.close()
        chosen(name)

    for name, said, icon in choices:
        sheet.fill(
            PaintedButton(
                lines=(Line(said, "body", "ink", icon, "primary", 24),), ground="touch", least=56,
                act=take, payload=name, auto_height=True, size_hint_y=None,
            )
        )  # fmt: skip
    sheet.open(layer)
    return sheet
