"""Marks that would lie on one another: set one above the other, or taken together as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ALIKE = 4.0  # pixels: nearer than this, two marks would look like one
PITCH = 25.0  # pixels: a mark that a finger or a mouse can hit, clear of the next
MOST_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a mark: `x` as given, `level` 0 for the row nearest the names, and which marks
    it stands for, by their place in what was given."""

    x: float
    level: int
    members: tuple[int, ...]


def spread(
    xs: Sequence[float], pixels: float, *, levels: int = MOST_LEVELS, alike: float = ALIKE
) -> list[Spot]:
    """Spots for marks at `xs` (per cent of an axis `pixels` wide, in order), none on another.

    Marks nearly at one place share a spot. The others go to the first of the levels with room;
    where none has, they join the last mark placed. So however many there are, spots stay few.
    """
    placed: list[tuple[float, int, list[int]]] = []
    free = [-PITCH] * levels
    for index, x in enumerate(xs):
        at = x * pixels / 100
        if placed and at - placed[-1][0] * pixels / 100 < alike:
            placed[-1][2].append(index)
            continue
        level = next((level for level in range(levels) if at - free[level] >= PITCH), None)
        if level is None:
            placed[-1][2].append(index)
            continue
        free[level] = at
        placed.append((x, level, [index]))
    return [Spot(x, level, tuple(members)) for x, level, members in placed]
