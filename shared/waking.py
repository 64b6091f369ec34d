"""Which rules of a pack an event can meet at all, so that the others need no look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from shared.conditions import name_of
from shared.entries import Entry, Observation
from shared.items import Meaning
from shared.looking import Selector, Wake

_MOST_KEPT = 10_000


class Woken(Protocol):
    """What a rule says of the events and answers that can meet it."""

    @property
    def on(self) -> frozenset[str]: ...
    @property
    def wakes(self) -> tuple[Wake, ...]: ...


_Rule = TypeVar("_Rule", bound=Woken)
Awake = tuple[tuple[_Rule, int], ...]


class Waking(Generic[_Rule]):
    """Remembers, for each thing an answer can say, which rules it wakes.

    The same few hundred meanings and combinations come again and again; each is worked out once.
    """

    def __init__(self, rules: Sequence[_Rule], selectors: Sequence[Selector]) -> None:
        self._rules, self._selectors = tuple(rules), tuple(selectors)
        self._known: dict[Meaning, tuple[int, bool]] = {}
        self._awake: dict[tuple[str, int], Awake[_Rule]] = {}

    def look(self, entry: Entry) -> tuple[Awake[_Rule], list[Observation]]:
        """The rules that an event can meet, in the pack's order, and the answers any rule means.

        Beside each rule the bit of the answers that woke it; 0 where it looks whatever is said.
        """
        known, mask, meant = self._known, 0, []
        for seen in entry.said.values():
            found = known.get(seen.meaning)
            bits, told = self._learn(seen.meaning) if found is None else found
            mask |= bits
            if told:
                meant.append(seen)
        key = (name_of(entry.event), mask)
        awake = self._awake.get(key)
        return (self._which(*key) if awake is None else awake), meant

    def wakes(self, seen: Observation, bit: int) -> bool:
        """Whether an answer is one that woke a rule."""
        return bool(self._known[seen.meaning][0] & bit)

    def _learn(self, meaning: Meaning) -> tuple[int, bool]:
        bits = sum(
            1 << n
            for n, rule in enumerate(self._rules)
            if any(wake.answer and wake.answer(meaning) for wake in rule.wakes)
        )
        told = bool(bits) or any(selector.means(meaning) for selector in self._selectors)
        self._known[meaning] = (bits, told)
        return bits, told

    def _which(self, name: str, mask: int) -> Awake[_Rule]:
        found: list[tuple[_Rule, int]] = []
        for n, rule in enumerate(self._rules):
            wakes = [wake for wake in rule.wakes if _may_be_on(wake, name)]
            if name not in rule.on or not wakes:
                continue
            if any(wake.answer is None for wake in wakes):
                found.append((rule, 0))
            elif mask >> n & 1:
                found.append((rule, 1 << n))
        if len(self._awake) > _MOST_KEPT:
            self._awake.clear()
        self._awake[name, mask] = tuple(found)
        return tuple(found)


def _may_be_on(wake: Wake, name: str) -> bool:
    return wake.events is None or name in wake.events
