"""The 25 rules as a good programmer would write them in Python for this once: closures, bisected.

Each kind of test gets the shortest function that answers it; a history keeps, for each thing that
is counted, the days on which it was met in order, so that a window is one bisection.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from tests.bench.rule_work import CHILDREN, COUNTED, RULES, Fired, Rule, Test, Visit

Meets = Callable[[Visit], bool]
Check = Callable[[Visit, "History"], list[int] | None]


class History:
    """Of each thing that is counted the days it was met, the visits, and for which children."""

    def __init__(self, visits: list[Visit]) -> None:
        self.days: dict[str, list[int]] = {rule.id: [] for rule in COUNTED}
        self.visits: dict[str, list[int]] = {rule.id: [] for rule in COUNTED}
        self.children: dict[str, list[frozenset[int]]] = {rule.id: [] for rule in COUNTED}
        for visit in visits:
            self.add(visit)

    def add(self, visit: Visit) -> None:
        """Take in a visit later than all before it."""
        for id, meets, children in TO_KEEP:
            if meets(visit):
                self.days[id].append(visit["day"])
                self.visits[id].append(visit["n"])
                if children is not None:
                    self.children[id].append(children(visit))

    def take_back(self, visit: Visit) -> None:
        """Forget the visit that was added last."""
        for rule in COUNTED:
            if self.visits[rule.id][-1:] == [visit["n"]]:
                self.days[rule.id].pop()
                self.visits[rule.id].pop()
                if rule.children > 1:
                    self.children[rule.id].pop()


def judge(visit: Visit, history: History) -> Fired:
    """Which rules a new visit meets, each with the visits that make it so."""
    answer: Fired = {}
    for id, check in CHECKS:
        found = check(visit, history)
        if found:
            answer[id] = found
    return answer


def facts(visit: Visit, history: History) -> tuple[dict[str, Any], Fired]:
    """What engines without a past are given: the visit, with how often each counted thing was.

    For a rule that tells children apart it is on how many. Beside it the visits that were counted.
    """
    given, found = dict(visit), {}
    for rule, meets, who in AGGREGATED:
        start = bisect_left(history.days[rule.id], visit["day"] - rule.within)
        visits = history.visits[rule.id][start:]
        if meets(visit):
            visits.append(visit["n"])
        found[rule.id] = visits
        given[rule.id] = len(visits)
        if who is not None:
            given[rule.id] = len(who(visit).union(*history.children[rule.id][start:]))
    return given, found


def _check(rule: Rule) -> Check:
    if rule.children > 1:
        return _on_another_child(rule)
    if rule.within:
        return _count(rule)
    meets = _meets(rule)

    def check(visit: Visit, history: History) -> list[int] | None:
        return [visit["n"]] if meets(visit) else None

    return check


def _count(rule: Rule) -> Check:
    meets, id, within, before = _meets(rule), rule.id, rule.within, rule.times - 1

    def check(visit: Visit, history: History) -> list[int] | None:
        if not meets(visit):
            return None
        start = bisect_left(history.days[id], visit["day"] - within)
        found = history.visits[id][start:]
        return [*found, visit["n"]] if len(found) >= before else None

    return check


def _on_another_child(rule: Rule) -> Check:
    meets, who, id, within = _meets(rule), _children(rule.every[0]), rule.id, rule.within
    least = rule.children

    def check(visit: Visit, history: History) -> list[int] | None:
        if not meets(visit):
            return None
        start = bisect_left(history.days[id], visit["day"] - within)
        if len(who(visit).union(*history.children[id][start:])) < least:
            return None
        return [*history.visits[id][start:], visit["n"]]

    return check


def _meets(rule: Rule) -> Meets:
    """Whether a visit meets the tests of a rule, those about a child for the same one."""
    if len(rule.every) == 1 and not rule.either:
        return _meets_one(rule.every[0])
    household = [_meets_one(test) for test in rule.every if not test.of_child]
    either = [_meets_one(test) for test in rule.either]
    of_child = [test for test in rule.every if test.of_child]
    household += [_meets_one(test) for test in of_child]
    same = [_by_child(test) for test in of_child] if len(of_child) > 1 else []

    def meets(visit: Visit) -> bool:
        for each in household:
            if not each(visit):
                return False
        if either and not any(each(visit) for each in either):
            return False
        return not same or any(all(by(visit)[c] for by in same) for c in range(CHILDREN))

    return meets


def _meets_one(test: Test) -> Meets:
    field, than = test.field, test.than
    if than is None:
        return (lambda v: True in v[field]) if test.of_child else (lambda v: v[field])
    if test.of_child:
        return (lambda v: max(v[field]) > than) if test.over else (lambda v: min(v[field]) < than)
    return (lambda v: v[field] > than) if test.over else (lambda v: v[field] < than)


def _by_child(test: Test) -> Callable[[Visit], list[bool]]:
    field, than = test.field, test.than
    if than is None:
        return lambda v: v[field]
    if test.over:
        return lambda v: [value > than for value in v[field]]
    return lambda v: [value < than for value in v[field]]


def _children(test: Test) -> Callable[[Visit], frozenset[int]]:
    by_child = _by_child(test)
    return lambda v: frozenset(child for child, met in enumerate(by_child(v)) if met)


CHECKS = [(rule.id, _check(rule)) for rule in RULES]
TO_KEEP = [
    (rule.id, _meets(rule), _children(rule.every[0]) if rule.children > 1 else None)
    for rule in COUNTED
]
AGGREGATED = [(rule, meets, who) for rule, (_, meets, who) in zip(COUNTED, TO_KEEP, strict=True)]
