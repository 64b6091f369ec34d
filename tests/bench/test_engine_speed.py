"""How long the judge takes for one visit, and how that grows with the family's history."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest

from shared import engine, packs
from tests.bench import families

# What the guards allow on a busy machine; docs/performance.md has the figures of a quiet one.
ALLOWED_50_US = 5000
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
    assert took * 1e6 < ALLOWED_50_US


def test_adding_one_event_to_the_index(figures, new_visit) -> None:
    case = case_of(earlier(50))
    copies = [case.history.copy() for _ in range(200)]
    start = time.perf_counter()
    for copy in copies:
        copy.add(new_visit)
    took = (time.perf_counter() - start) / len(copies)
    figures.say("index one more visit of 45 answers", f"{took * 1e6:.0f} µs")
    assert took < 0.005


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
    assert growth < ALLOWED_GROWTH * many / few


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
