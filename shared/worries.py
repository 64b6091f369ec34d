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
    """One stretch: the observation that opened it, and when it was closed, if it was.

    `latest` is the moment of its last answer at S or above.
    """

    opened: Observation
    latest: float
    closed: Order | None = None


@dataclass(slots=True)
class Worry:
    """One item about one person or the household; `periods` in the order they happened.

    Opened by an answer at S or above. Closed by one at N or L with basis seen since then, or by a
    decision that lowers or closes the concern by name (the terms of the rules, "open concern").
    Two answers of one minute, by two people, are not one since the other.
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
        self.steps = [each for each in self.steps if each is not step]
        self._begin_again()

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
        last, moment = self.periods[-1] if self.periods else None, step.order[0]
        if isinstance(step, Observation) and _opens(step):
            if last is None or (last.closed is not None and last.closed[0] < moment):
                self.periods.append(Period(step, moment))
            else:  # still open; or found better and no better at one minute, which is no better
                last.latest, last.closed = moment, None
        elif last is not None and last.closed is None and _since(step, last):
            last.closed = step.order


def _since(step: Observation | Entry, period: Period) -> bool:
    return isinstance(step, Entry) or step.order[0] > period.latest


def _opens(seen: Observation) -> bool:
    return seen.meaning.rank >= RANKS["S"]


def _betters(seen: Observation) -> bool:
    return seen.answer.basis == "seen" and seen.meaning.level in ("N", "L")
