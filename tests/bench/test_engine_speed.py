"""How long the judge takes for one visit, and how that grows with the family's history."""

from __future__ import annotations

import random
import statistics
import time
from datetime import timedelta

import pytest

from shared import engine, packs
from tests.bench import by_hand, families

# Guards, each a ratio of two figures of one run; docs/performance.md has what was seen.
ALLOWED_TIMES_BY_HAND = 15.0
ALLOWED_INDEX_GROWTH = 3.0
ALLOWED_GROWTH = 3.0


def case_of(events):
    """A case that has received these, and its book."""
    book = packs.book()
    case = engine.Case(families.household(), book)
    for event in events:
        engine.receive(case, [event], event.received_at)
    return case


@pytest.fixture(scope="module")
def new_visit():
    book = packs.book()
    at = families.FIRST_DAY + timedelta(days=families.SPAN_DAYS, hours=2)
    return families.visit(book.checklist, families.household(), at, random.Random(1))


def earlier(count: int):
    return families.in_order(families.visits(packs.book(), families.household(), count))


def test_assess_with_50_earlier_visits(figures, new_visit) -> None:
    case = case_of(earlier(50))
    took = figures.median_s(lambda: engine.assess(case, new_visit), 300 if figures.full else 40)
    rules = len(case.book.rules.rules)
    name = f"assess, pack of {rules} rules, 50 earlier visits of 45 answers"
    figures.say(name, f"{took * 1e6:.0f} µs, {len(case.escalations)} escalations on record")
    visits = [entry.event for entry in case.history.visits]
    levels = by_hand.levels_of(case.book.checklist)
    hand = figures.median_s(
        lambda: by_hand.judge(levels, visits, new_visit), 300 if figures.full else 40
    )
    figures.say(
        "  written by hand over plain lists", f"{hand * 1e6:.0f} µs: {took / hand:.1f} times"
    )
    assert took / hand < ALLOWED_TIMES_BY_HAND


def test_adding_one_event_to_the_index(figures) -> None:
    history = engine.Case(families.household(), packs.book()).history
    taken = []
    for event in earlier(300):
        start = time.perf_counter()
        history.add(event)
        taken.append(time.perf_counter() - start)
    few, many = (statistics.median(part) * 1e6 for part in (taken[:50], taken[-50:]))
    growth = many / few
    figures.say(
        "index one more visit of 45 answers, among the first 50 and after 250",
        f"{few:.0f} and {many:.0f} µs: {growth:.1f} times",
    )
    assert growth < ALLOWED_INDEX_GROWTH


def test_assess_grows_little_with_history(figures, new_visit) -> None:
    """The histories are as dense; only what lies further back grows."""
    few, many = (100, 2000 if figures.full else 400)
    took = {}
    for count in (few, many):
        events = dense(count)
        case = case_without_receiving(events)
        took[count] = figures.median_s(lambda c=case: engine.assess(c, new_visit), 20)
    growth = took[many] / took[few]
    figures.say(
        f"assess, {few} and {many} earlier visits",
        f"{took[few] * 1e6:.0f} and {took[many] * 1e6:.0f} µs: {growth:.1f} times",
    )
    assert growth < ALLOWED_GROWTH


def dense(count: int):
    """Visits four days apart, the last just before the new one."""
    book, family, chance = packs.book(), families.household(), random.Random(7)
    end = families.FIRST_DAY + timedelta(days=families.SPAN_DAYS)
    return [
        families.visit(book.checklist, family, end - timedelta(days=4 * back), chance, 10)
        for back in reversed(range(count))
    ]


def case_without_receiving(events):
    """A case loaded as the office loads it, without judging each event again."""
    family = families.household()
    return engine.load(family, packs.book(), events, [], events[-1].received_at)
