"""The cards that several screens show, as data for painted rows."""

from __future__ import annotations

from typing import Any

from mobile import theme
from mobile.widgets.lines import Line

Row = dict[str, Any]


def heading(text: str, note: str = "") -> Row:
    """A heading between cards."""
    return {"view": "Plain", "ground": "none", "pad": (4, 6), "gap": 2,
            "lines": (Line(text, "label", "soft", end=note),)}  # fmt: skip


def card(*lines: Line, **more: Any) -> Row:
    """A card that only shows."""
    return {"view": "Plain", "lines": tuple(lines), "gap": 12} | more


def touch_card(act: object, payload: object, *lines: Line, **more: Any) -> Row:
    """A card that can be touched, with an arrow at its right."""
    return {"lines": tuple(lines), "gap": 12, "act": act, "payload": payload,
            "trail": "next"} | more  # fmt: skip


def callout(tone: str, icon: str, title: str, *lines: Line, **more: Any) -> Row:
    """A panel on a tone's pale ground, led by an icon and a title."""
    first = Line(title, "strong", tone, icon, icon_size=22)
    return {"view": "Plain", "ground": tone, "lines": (first, *lines), "gap": 12} | more


def nothing(icon: str, title: str, words: str) -> Row:
    """An empty state: what there is not, and what comes next."""
    return {
        "view": "Plain", "ground": "none", "pad": (24, 48),
        "lines": (Line("", "body", "faint", icon, icon_size=40),
                  Line(title, "heading", gap=16), Line(words, "body", "soft", gap=8)),
    }  # fmt: skip


def level_line(level: str, words: str, **more: Any) -> Line:
    """Words that carry a level by icon, word and tone."""
    tone, icon, name = theme.LEVELS[level]
    said = f"{name}: {words}" if words else name
    return Line(said, "label", tone, icon, pill=True, **more)


def todo_lines(todo: Any, gap: float = 12) -> tuple[Line, ...]:
    """One required action under a rule: what, who, by when, or how it was done."""
    if todo.done:
        return (
            Line(todo.label, "strong", "ink", "tick-full", "fine", gap=gap, rule=True),
            Line(todo.done_words or DONE, "small", "soft"),
        )
    tone = "immediate" if todo.overdue else "ink"
    icon = "clock-late" if todo.overdue else "clock"
    who = todo.who_words[:1].upper() + todo.who_words[1:]
    number = ()
    if todo.mine and todo.contact is not None:
        said = f"{todo.contact.label}: {todo.contact.number}"
        number = (Line(said, "small", "ink", "phone", "soft", 18),)
    return (
        Line(todo.label, "strong", "ink", "dot", "primary", gap=gap, rule=True),
        Line(f"{who}, {todo.due_words}", "small", tone, icon, tone, 18),
        *number,
    )


DONE = "Done"
