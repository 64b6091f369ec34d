"""Where the lines and labels of a plot go; the templates draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 10, 12, 26
_MOST_MARKED = 36  # more points than this would be a smear
_GRID_LINES = 4
_LABELS = 3  # more would run into one another on a narrow plot


@dataclass(frozen=True, slots=True)
class Label:
    """A label at a place along an axis; `anchor` is how it stands to that place."""

    at: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Lines:
    """Two series over the same months, as points of a picture of WIDTH by HEIGHT."""

    a: list[tuple[float, float]]
    b: list[tuple[float, float]]
    across: list[Label]
    up: list[Label]
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    floor: float = HEIGHT - _BOTTOM
    is_marked: bool = True


def lines(a: Sequence[int], b: Sequence[int], names: Sequence[str]) -> Lines:
    """Return the plot of two series of counts, one of each for every name along the axis."""
    step = grid_step(max((*a, *b), default=0))
    top = step * max(1, -(-max((*a, *b), default=0) // step))
    across = [_x(n, len(names)) for n in range(len(names))]

    def points(series: Sequence[int]) -> list[tuple[float, float]]:
        return [(x, _y(count, top)) for x, count in zip(across, series, strict=True)]

    return Lines(
        a=points(a),
        b=points(b),
        across=_labels(across, names),
        up=[Label(_y(count, top), f"{count:,}") for count in range(0, top + 1, step)],
        is_marked=len(names) <= _MOST_MARKED,
    )


def grid_step(most: int) -> int:
    """Return a round number of which at most four reach `most`."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * _GRID_LINES >= most:
                return step
        size *= 10


def _x(number: int, count: int) -> float:
    room = WIDTH - _LEFT - _RIGHT - 16
    return round(_LEFT + 8 + (room / 2 if count < 2 else room * number / (count - 1)), 1)


def _y(count: int, top: int) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * count / top, 1)


def _labels(across: Sequence[float], names: Sequence[str]) -> list[Label]:
    """The first, the last, and some between, evenly."""
    last = len(names) - 1
    if last < 1:
        return [Label(x, name) for x, name in zip(across, names, strict=True)]
    parts = min(last, _LABELS - 1)
    chosen = [round(last * part / parts) for part in range(parts + 1)]
    anchors = {0: "start", last: "end"}
    return [Label(across[n], names[n], anchors.get(n, "middle")) for n in chosen]
