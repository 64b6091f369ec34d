"""How long the judge takes for one visit, against the same written by hand, whole pack.

That both find the same is shown first, on visits of every kind.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from shared import engine, packs
from shared.facts import Answer, NoAccess, PlanStarted, Visit
from tests.bench import by_hand, families
from tests.bench.past_by_hand import Past
from tests.bench.timing import each_us

# Guards, each a ratio of two figures of one run; docs/performance.md has what was seen.
ALLOWED_TIMES_BY_HAND = 5.0
ALLOWED_INDEX_TIMES_BY_HAND = 4.0

FAMILY = families.household()
END = families.FIRST_DAY + timedelta(days=families.SPAN_DAYS)
OUTCOMES = ("in", "in", "part", "out", "hide", "refused", "gone", "unsafe", "alarm")
TROUBLES = {"an ordinary family": families.FEW, "a troubled family": families.MANY}


@dataclass
class Both:
    """One family for the judge and for the hand-written rules, with the same earlier visits."""

    case: engine.Case
    past: Past

    @classmethod
    def begin(cls, plan: PlanStarted | None = None) -> Both:
        """A family without visits."""
        book = packs.book()
        both = cls(engine.Case(FAMILY, book), Past(book.checklist, FAMILY, plan))
        if plan:
            both.case.history.add(plan)
        return both

    def add(self, visit: Visit) -> None:
        """Index a visit."""
        self.case.history.add(visit)
        self.past.add(self.past.read(visit))

    def index(self, visit: Visit) -> None:
        """Index a visit for the judge and forget it again."""
        self.case.history.take_back(self.case.history.add(visit))

    def assess(self, visit: Visit) -> by_hand.Findings:
        """What the judge finds, as the hand-written rules say it."""
        found: by_hand.Findings = {}
        for finding in engine.assess(self.case, visit):
            keys = ((e.event, e.item, e.about) for e in finding.evidence)
            found.setdefault(finding.rule.id, set()).update(keys)
        return found

    def by_hand(self, visit: Visit) -> by_hand.Findings:
        """What the hand-written rules find."""
        return by_hand.judge(self.past, self.past.read(visit))


def test_the_judge_and_the_hand_written_rules_find_the_same(figures) -> None:
    met: set[str] = set()
    for seed in range(100 if figures.full else 10):
        chance = random.Random(seed)
        both = Both.begin(chance.choice([None, a_plan(None), a_plan(NoAccess())]))
        for visit in visits_of_every_kind(chance, 40):
            found = both.assess(visit)
            assert found == both.by_hand(visit)
            met |= found.keys()
            both.add(visit)
    assert met == {*by_hand.RULES, "R23", "R26"}


def a_plan(no_access: NoAccess | None) -> PlanStarted:
    """A child protection plan for two of the children, from the first day."""
    return PlanStarted(
        id="plan",
        at=families.FIRST_DAY,
        received_at=families.FIRST_DAY,
        plan="plan",
        kind="child_protection",
        children=("c0", "c1"),
        no_access=no_access,
    )


def visits_of_every_kind(chance: random.Random, count: int) -> Iterator[Visit]:
    """Visits by several agencies, let in or not, short and long, well and ill."""
    at = families.FIRST_DAY
    for _ in range(count):
        at += timedelta(hours=chance.choice((20, 50, 100, 400)))
        yield visit_of_any_kind(chance, at)


def visit_of_any_kind(chance: random.Random, at: datetime) -> Visit:
    checklist = packs.checklist()
    items, grave = chance.choice((20, 45, 80)), chance.choice((0.01, 0.1, 0.3))
    visit = families.visit(checklist, FAMILY, at, chance, items, grave)
    answers = [Answer(item="ACC-01", value=chance.choice(OUTCOMES)), *visit.answers[1:]]
    if chance.random() < 0.1:
        better = chance.choice([option.code for option in checklist.items["ENG-01"].options])
        answers.append(Answer(item="ENG-01", about="SLP-05:c0", value=better))
    agency = chance.choice(("health_visiting", "health_visiting", "social_care", "public"))
    return replace(visit, answers=tuple(answers), agency=agency, by=chance.choice("ab"))


@pytest.mark.parametrize("kind", TROUBLES)
def test_one_visit_with_50_earlier_ones(figures, kind: str) -> None:
    book, grave = packs.book(), TROUBLES[kind]
    both = Both.begin()
    for visit in families.visits(book, FAMILY, 50, grave=grave):
        both.add(visit)
    at = END + timedelta(hours=2)
    chances = [random.Random(seed) for seed in range(40)]
    new = [families.visit(book.checklist, FAMILY, at, c, grave=grave) for c in chances]
    works = {
        "assess": lambda: each_us(lambda visit: engine.assess(both.case, visit), new),
        "index": lambda: each_us(both.index, new),
        "by hand": lambda: each_us(both.by_hand, new),
        "read by hand": lambda: each_us(both.past.read, new),
    }
    took = figures.side_by_side(works, 100 if figures.full else 8)
    ours, hand = took["assess"], took["by hand"]
    pieces = sum(len(keys) for visit in new for keys in both.assess(visit).values()) / len(new)
    rules = len(book.rules.rules)
    figures.say(
        f"assess, {rules} rules, {kind} with 50 earlier visits of 45 answers",
        f"{ours:.0f} µs, {pieces:.0f} pieces of evidence",
    )
    figures.say("  written by hand", f"{hand:.0f} µs: {ours / hand:.1f} times")
    figures.say(
        "  of it indexing the visit and forgetting it; reading it by hand",
        f"{took['index']:.0f} µs; {took['read by hand']:.0f} µs",
    )
    assert ours / hand < ALLOWED_TIMES_BY_HAND
    assert took["index"] / took["read by hand"] < ALLOWED_INDEX_TIMES_BY_HAND
