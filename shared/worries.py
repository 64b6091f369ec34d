"""Over which stretches of time one concern was open: from when it reached S until seen better."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from shared.entries import Entry, Observation, Order
from shared.items import RANKS

_by_order = attrgetter("order")


@dataclass(slots=True)
class Period:
    """One stretch: the observation that opened it, and when it was closed, if it was."""

    opened: Observation
    closed: Order | None = None


@dataclass(slots=True)
class Worry:
    """One item about one person or the household; `periods` in the order they happened.

    Opened by an answer at S or above. Closed by one at N or L with basis seen, or by a decision
    that lowers or closes the concern by name (the terms of the rules, "open concern").
    """

    steps: list[Observation | Entry] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)

    def add(self, step: Observation | Entry) -> None:
        """Take in an answer, or the entry of a decision that closes the concern."""
        if isinstance(step, Observation) and not (_opens(step) or _betters(step)):
            return
        if not self.steps or self.steps[-1].order <= step.order:
            self.steps.append(step)
            self._follow(step)
        else:
            insort(self.steps, step, key=_by_order)
            self._begin_again()

    def take_back(self, step: Observation) -> None:
        """Forget an answer."""
        if step not in self.steps[-1:]:
            self.steps = [each for each in self.steps if each is not step]
            self._begin_again()
            return
        self.steps.pop()
        if self.periods and self.periods[-1].opened is step:
            self.periods.pop()
        elif self.periods and self.periods[-1].closed == step.order:
            self.periods[-1].closed = None

    def open_at(self, before: Order) -> Observation | None:
        """What opened it, if it was open in the light of what happened before; else None."""
        for period in reversed(self.periods):
            if period.opened.order < before:
                is_open = period.closed is None or period.closed >= before
                return period.opened if is_open else None
        return None

    def known_by(self, received_by: datetime) -> Worry:
        """The same concern as far as had been received by a moment."""
        known = Worry()
        for step in self.steps:
            if step.event.received_at <= received_by:
                known.add(step)
        return known

    def _begin_again(self) -> None:
        self.periods = []
        for step in self.steps:
            self._follow(step)

    def _follow(self, step: Observation | Entry) -> None:
        is_open = bool(self.periods) and self.periods[-1].closed is None
        if isinstance(step, Observation) and _opens(step):
            if not is_open:
                self.periods.append(Period(step))
        elif is_open:
            self.periods[-1].closed = step.order


def _opens(seen: Observation) -> bool:
    return seen.meaning.rank >= RANKS["S"]


def _betters(seen: Observation) -> bool:
    return seen.answer.basis == "seen" and seen.meaning.level in ("N", "L")
