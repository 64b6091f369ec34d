"""What the picture is made of: rows of marks, spans and clocks, each with its place in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from backend.replay_page.crowding import MOST_LEVELS
from backend.replay_page.timescale import NARROWEST, Timescale
from backend.replay_page.told import ClockTold, EscalationTold, EventTold, Rung

_A_LETTER = 6.3  # pixels, of the small print
_A_MARK = 15  # pixels from a mark's middle to the words beside it
_THINNEST = 3.0  # pixels: a clock of an hour must be seen on an axis of years


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line, bar or sign in a row. `x` and `width` in per cent of the axis.

    `kind`: open, acknowledged or decided (of escalations); running, waiting (for a date), overdue,
    turn or done (of clocks); plan, life or unborn (of the family).
    """

    kind: str
    x: float
    width: float = 0.0
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A required action's clock, and the escalation that requires it."""

    escalation: EscalationTold
    clock: ClockTold


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """An escalation that nobody answered in time, and who was told then."""

    escalation: EscalationTold
    rungs: list[Rung]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What can be pointed at, its name, and all that it stands for.

    `kind`: event, escalation, clock or climb. `shape`: a level, or a word of the legend. `width`
    is 0 for a mark that stands on a point, else how far it reaches, in per cent. `level`: 0 is
    the upmost of its row. `side`: whether the caption stands before or after the mark;
    on a mark with a width it begins at `caption_x`, in per cent of the axis from `x`.
    """

    kind: str
    name: str
    href: str
    x: float
    told: Sequence[EventTold | EscalationTold | Demand | Climb]
    shape: str = ""
    width: float = 0.0
    level: int = 0
    caption: str = ""
    side: str = ""
    caption_x: float = 0.0
    is_assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row across the picture: its name, what it comes to, its strokes and its marks."""

    name: str
    detail: str = ""
    note: str = ""
    empty: str = ""
    levels: int = 1
    strokes: list[Stroke] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A rule: the row of its escalations, then a row for each action it requires."""

    rule: str
    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything drawn: `seen` above the axis, `lanes` below it; `end` is where the replay ends."""

    scale: Timescale
    end: float
    seen: list[Row]
    lanes: list[Lane]


def bar(kind: str, begins: float, ends: float, level: int = 0) -> Stroke:
    """A bar, never too thin to see."""
    least = 100 * _THINNEST / NARROWEST
    return Stroke(kind=kind, x=begins, width=round(max(least, ends - begins), 3), level=level)


def captioned(marks: Sequence[Mark], captions: Sequence[str]) -> list[Mark]:
    """The marks, with words after or before each where there is room on its level."""
    done = []
    taken = [0.0] * MOST_LEVELS  # up to here, in pixels, by marks and the words beside them
    for number, (mark, words) in enumerate(zip(marks, captions, strict=True)):
        at, wide = mark.x * NARROWEST / 100, _A_MARK + len(words) * _A_LETTER + _A_MARK
        later = (each.x for each in marks[number + 1 :] if each.level == mark.level)
        after = next(later, 100.0) * NARROWEST / 100 - at >= wide
        before = at - taken[mark.level] >= wide
        side = "after" if after else "before" if before else ""
        done.append(replace(mark, caption=words if side else "", side=side))
        taken[mark.level] = at + (wide if after else _A_MARK)
    return done


def depth(levels: Sequence[int]) -> int:
    """How many levels of a row are taken."""
    return max(levels, default=0) + 1


def span(first: str, last: str) -> str:
    """A span of moments in words."""
    return first if first == last else f"{first} to {last}"
