"""The work on which the judge is measured against its peers: 25 rules, 200 families, as plain data.

A visit is a flat record. What is asked of the household has one value, what is asked of each child
has one for each of the four. Each engine's own form of the rules is made from RULES.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

CHILDREN = 4
EARLIER = 50
SPAN_DAYS = 200

# What is seen or not, and how often it is.
HOUSEHOLD_FLAGS = {
    "refused": 0.1,
    "smell": 0.08,
    "smoke": 0.12,
    "dirty": 0.1,
    "cold": 0.12,
    "stranger": 0.05,
}
CHILD_FLAGS = {
    "wet": 0.08,
    "sore": 0.06,
    "hungry": 0.04,
    "left": 0.03,
    "bruise": 0.02,
    "rough": 0.02,
}
# What is measured: from, to, and the whole numbers between.
HOUSEHOLD_NUMBERS = {"units": (0, 40), "degrees": (10, 30)}
CHILD_NUMBERS = {"missed": (0, 19), "hours": (4, 16)}

Visit = dict[str, Any]
# Which rules are met, each with the numbers of the visits that make it so.
Fired = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Test:
    """One thing about a visit: a flag that is set (`than` None), or a number beyond a bound."""

    field: str
    over: bool = True
    than: int | None = None

    @property
    def of_child(self) -> bool:
        """Whether it is about each child."""
        return self.field in CHILD_FLAGS or self.field in CHILD_NUMBERS


@dataclass(frozen=True, slots=True)
class Rule:
    """Met where the new visit meets `every` test and, if there are any, one of `either`.

    Tests about children must be met by the same child. With `within`, one test is counted: it must
    be met now, and on `times` visits of the last so many days, now included; and, with `children`,
    on so many different ones of them.
    """

    id: str
    every: tuple[Test, ...]
    either: tuple[Test, ...] = ()
    within: int = 0
    times: int = 1
    children: int = 1

    @property
    def of_child(self) -> bool:
        """Whether any of its tests is about a child."""
        return any(test.of_child for test in (*self.every, *self.either))


def _over(field: str, than: int) -> Test:
    return Test(field, True, than)


def _under(field: str, than: int) -> Test:
    return Test(field, False, than)


RULES = (
    # Eight on one flag or number.
    Rule("R01", (Test("refused"),)),
    Rule("R02", (Test("stranger"),)),
    Rule("R03", (_under("degrees", 12),)),
    Rule("R04", (_over("units", 36),)),
    Rule("R05", (Test("bruise"),)),
    Rule("R06", (Test("rough"),)),
    Rule("R07", (_over("missed", 18),)),
    Rule("R08", (_under("hours", 5),)),
    # Eight combinations.
    Rule("R09", (Test("smell"), _over("units", 14))),
    Rule("R10", (Test("cold"), _under("degrees", 16))),
    Rule("R11", (Test("wet"), Test("sore"))),
    Rule("R12", (Test("hungry"), _over("missed", 12))),
    Rule("R13", (Test("left"),), (Test("smell"), Test("stranger"))),
    Rule("R14", (_under("hours", 8),), (Test("smoke"), Test("cold"))),
    Rule("R15", (Test("dirty"), Test("wet"))),
    Rule("R16", (Test("refused"),), (_over("units", 20), Test("stranger"), Test("smell"))),
    # Nine counts; of the last two each asks for the same on another child.
    Rule("R17", (Test("refused"),), within=14, times=2),
    Rule("R18", (Test("dirty"),), within=60, times=3),
    Rule("R19", (Test("smell"),), within=30, times=2),
    Rule("R20", (Test("wet"),), within=60, times=4),
    Rule("R21", (Test("sore"),), within=30, times=2),
    Rule("R22", (Test("hungry"),), within=90, times=3),
    Rule("R23", (_over("missed", 15),), within=90, times=5),
    Rule("R24", (Test("bruise"),), within=90, children=2),
    Rule("R25", (Test("rough"),), within=60, children=2),
)
COUNTED = tuple(rule for rule in RULES if rule.within)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A new visit, and the earlier ones in the order of their days."""

    new: Visit
    earlier: list[Visit]


def scenarios(count: int = 200, seed: int = 20260105) -> list[Scenario]:
    """Invented families; each visit is on a day of its own, numbered from 0, the new one last."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        days = sorted(chance.sample(range(SPAN_DAYS), EARLIER))
        visits = [_visit(n, day, chance) for n, day in enumerate([*days, SPAN_DAYS])]
        made.append(Scenario(visits[-1], visits[:-1]))
    return made


def _visit(n: int, day: int, chance: random.Random) -> Visit:
    visit: Visit = {"n": n, "day": day}
    for field, share in HOUSEHOLD_FLAGS.items():
        visit[field] = chance.random() < share
    for field, ends in HOUSEHOLD_NUMBERS.items():
        visit[field] = chance.randint(*ends)
    for field, share in CHILD_FLAGS.items():
        visit[field] = [chance.random() < share for _ in range(CHILDREN)]
    for field, ends in CHILD_NUMBERS.items():
        visit[field] = [chance.randint(*ends) for _ in range(CHILDREN)]
    return visit


def fired_slowly(scenario: Scenario) -> Fired:
    """The answer as the words of the rules say it, with no thought for time: what all must give."""
    answer: Fired = {}
    for rule in RULES:
        if not children_meeting(rule, scenario.new):
            continue
        since = scenario.new["day"] - rule.within if rule.within else SPAN_DAYS
        found, children = [], set[int]()
        for visit in (*scenario.earlier, scenario.new):
            if visit["day"] >= since and (met_by := children_meeting(rule, visit)):
                found.append(visit["n"])
                children |= met_by
        if len(found) >= rule.times and len(children) >= rule.children:
            answer[rule.id] = found
    return answer


def children_meeting(rule: Rule, visit: Visit) -> set[int]:
    """The children for whom a visit meets the tests; where none is about a child, all of them."""
    return {
        child
        for child in range(CHILDREN)
        if all(_holds(test, visit, child) for test in rule.every)
        and (not rule.either or any(_holds(test, visit, child) for test in rule.either))
    }


def _holds(test: Test, visit: Visit, child: int) -> bool:
    value = visit[test.field][child] if test.of_child else visit[test.field]
    if test.than is None:
        return bool(value)
    return bool(value > test.than if test.over else value < test.than)
