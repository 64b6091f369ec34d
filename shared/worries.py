"""Over which stretches of time one concern was open: from when it reached S until seen better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from shared.entries import FROM_THE_START, Entry, Observation, Order
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


class Worry:
    """One item about one person or the household; `periods` in the order they happened.

    Opened by an answer at S or above. Closed by one at N or L with basis seen since then, or by a
    decision that lowers or closes the concern by name (the terms of the rules, "open concern").
    Two answers of one minute, by two people, are not one since the other.
    """

    def __init__(self, answers: Sequence[Observation], closings: Sequence[Entry]) -> None:
        """`answers` and `closings`, in order, are all there are; both may grow from outside."""
        self.periods: list[Period] = []
        self._answers, self._closings = answers, closings

    def begin(self, first: Observation) -> None:
        """Take in the first answer at S or above: what lies before it does not matter."""
        if first.order >= self._last():
            self._follow(first)
        else:
            self._begin_again()

    def add(self, step: Observation | Entry, *, is_latest: bool) -> None:
        """Take in an answer, or the entry of a decision that closes, which is in its place."""
        if is_latest:
            self._follow(step)
        else:
            self._begin_again()

    def take_back(self, step: Observation) -> None:
        """Forget an answer, which has been taken out of its place."""
        last = self.periods[-1] if self.periods else None
        if last is not None and last.closed != step.order and not _opens(step):
            return  # it had changed nothing
        if last is None or self._last()[0] >= step.order[0]:
            self._begin_again()
        elif last.opened is step:
            self.periods.pop()
        elif _opens(step):
            last.latest = next(s for s in reversed(self._answers) if _opens(s)).order[0]
        else:
            last.closed = None

    def _last(self) -> Order:
        last = [held[-1].order for held in (self._answers, self._closings) if held]
        return max(last, default=FROM_THE_START)

    def open_at(self, before: Order) -> Observation | None:
        """What opened it, if it was open in the light of what happened before; else None."""
        for period in reversed(self.periods):
            if period.opened.order < before:
                is_open = period.closed is None or period.closed >= before
                return period.opened if is_open else None
        return None

    def known_by(self, received_by: datetime) -> Worry:
        """The same concern as far as had been received by a moment."""
        known = Worry(
            [each for each in self._answers if each.event.received_at <= received_by],
            [each for each in self._closings if each.event.received_at <= received_by],
        )
        known._begin_again()
        return known

    def _begin_again(self) -> None:
        self.periods = []
        steps: list[Observation | Entry] = [*self._answers, *self._closings]
        for step in sorted(steps, key=_by_order):
            self._follow(step)

    def _follow(self, step: Observation | Entry) -> None:
        last = self.periods[-1] if self.periods else None
        if isinstance(step, Observation) and _opens(step):
            moment = step.order[0]
            if last is None or (last.closed is not None and last.closed[0] < moment):
                self.periods.append(Period(step, moment))
            else:  # still open; or found better and no better at one minute, which is no better
                last.latest, last.closed = moment, None
        elif last is not None and last.closed is None and _ends(step, last):
            last.closed = step.order


def _ends(step: Observation | Entry, period: Period) -> bool:
    return isinstance(step, Entry) or (_betters(step) and step.order[0] > period.latest)


def _opens(seen: Observation) -> bool:
    return seen.meaning.rank >= RANKS["S"]


def _betters(seen: Observation) -> bool:
    return seen.answer.basis == "seen" and seen.meaning.level in ("N", "L")
