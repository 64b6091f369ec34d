"""Draws that come out the same on every machine and under every version of Python."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Chance:
    """Draws for one family.

    Only `random()` is used: Python promises its sequence for a seed, and that of no other draw.
    """

    def __init__(self, *seed: object) -> None:
        words = "/".join(map(str, seed))
        self.draw = random.Random(words).random  # noqa: S311  (invented families, no secrets)

    def happens(self, rate: float) -> bool:
        """Tell whether something of this rate (0 to 1) happens now."""
        return self.draw() < rate

    def whole(self, least: int, most: int) -> int:
        """Return a whole number from least to most, both included."""
        return least + int(self.draw() * (most - least + 1))

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Return one of some things, each as likely as the other."""
        return things[int(self.draw() * len(things))]

    def weighed(self, weights: Mapping[Thing, float]) -> Thing:
        """Return one of some things, each as likely as its weight."""
        left = self.draw() * sum(weights.values())
        for thing, weight in weights.items():
            left -= weight
            if left < 0:
                return thing
        return thing
