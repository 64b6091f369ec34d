"""How the judge's time for one event grows with the events before it: assess, index and receive.

Two shapes. A visit a day: however many there are, the rules' windows (90 days at most) see as many,
so the time must stay as it is. All in the same 90 days: the windows see all of them, so the time
may grow as they do and no faster.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest

from shared import engine, packs
from shared.facts import Visit
from tests.bench import families
from tests.bench.timing import each_us

# Guards, each a ratio of two figures of one run; docs/performance.md has what was seen.
ALLOWED_GROWTH = 1.5
# Where all is in sight: how much faster than the events the time may grow.
ALLOWED_BEYOND_EVENTS = 1.0
ALLOWED_GROWTH_UNANSWERED = 12.0

FAMILY = families.household()
END = families.FIRST_DAY + timedelta(days=families.SPAN_DAYS)
DAY, IN_SIGHT = timedelta(days=1), timedelta(days=90)


@dataclass
class Grown:
    """A family with so many earlier visits, loaded as the office loads it, and what comes next."""

    case: engine.Case
    ahead: Sequence[Visit]
    count: int

    @classmethod
    def of(cls, count: int, apart: timedelta) -> Grown:
        """The visits of the last hours, received one by one, come on top of `count`."""
        book = packs.book()
        visits = families.alike(book, FAMILY, END, count, apart)
        case = engine.load(FAMILY, book, visits, [], END)
        asked = families.asked_on(book.checklist, FAMILY, END)
        ahead = [
            families.visit(
                book.checklist, FAMILY, END + timedelta(minutes=n), random.Random(n), asked=asked
            )
            for n in range(40)
        ]
        return cls(case, ahead, count)

    def assess_us(self) -> float:
        """What one visit takes to assess."""
        return each_us(lambda visit: engine.assess(self.case, visit), self.ahead)

    def receive_us(self) -> float:
        """What one visit takes to receive; each can be received once, so there is one round."""
        return each_us(partial(receive, self.case), self.ahead)


def receive(case: engine.Case, visit: Visit) -> object:
    """Take in a visit when it is received."""
    return engine.receive(case, [visit], visit.received_at)


@pytest.mark.parametrize("shape", ["a visit a day", "all in the same 90 days"])
def test_growth(figures, shape: str) -> None:
    counts = (10, 100, 1000, 10_000) if figures.full else (10, 100, 1000)
    spread = shape == "a visit a day"
    grown = [Grown.of(n, DAY if spread else IN_SIGHT / n) for n in counts]
    works = {str(each.count): each.assess_us for each in grown}
    assess = [*figures.side_by_side(works, 20 if figures.full else 5).values()]
    receive = [each.receive_us() for each in grown]
    names = ", ".join(f"{n:,}" for n in counts)
    for what, took in (("assess", assess), ("receive", receive)):
        curve = ", ".join(f"{us:.0f}" for us in took)
        growth, events = took[-1] / took[1], counts[-1] / counts[1]
        figures.say(
            f"{what}, {shape}: {names} earlier", f"{curve} µs: {growth:.2f} times for {events:.0f}"
        )
        allowed = ALLOWED_GROWTH if spread else ALLOWED_BEYOND_EVENTS * events
        assert growth < allowed


def test_growth_where_nobody_answers(figures) -> None:
    """No decision ever: what is open gathers evidence, and each overdue action is raised."""
    book, count = packs.book(), 1600 if figures.full else 300
    case = engine.Case(FAMILY, book)
    visits = families.alike(book, FAMILY, END, count, DAY)
    parts = [visits[:50], visits[50:100], visits[100:-50], visits[-50:]]
    _, early, _, late = [each_us(partial(receive, case), part) for part in parts]
    figures.say(
        f"receive, a visit a day that nobody answers: after 100 and {count:,}, "
        f"{len(case.escalations):,} escalations",
        f"{early:.0f}, {late:.0f} µs: {late / early:.1f} times",
    )
    assert late / early < ALLOWED_GROWTH_UNANSWERED
