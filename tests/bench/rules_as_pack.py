"""The 25 rules as a checklist and a rule pack of Threshold, and the judge's answer to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from shared import engine, judging, packs, rules
from shared.checklist import Checklist
from shared.clocks import LONDON
from shared.entries import Entry
from shared.facts import Answer, Child, Household
from shared.facts import Visit as VisitEvent
from shared.packs import Book
from tests.bench.rule_work import (
    CHILD_FLAGS,
    CHILD_NUMBERS,
    CHILDREN,
    HOUSEHOLD_FLAGS,
    HOUSEHOLD_NUMBERS,
    RULES,
    Fired,
    Rule,
    Scenario,
    Test,
    Visit,
)

FIRST_DAY = datetime(2026, 1, 5, 10, tzinfo=LONDON)
NAMES = [f"c{child}" for child in range(CHILDREN)]
FAMILY = Household(
    id="family",
    children=tuple(Child(id=name, born=FIRST_DAY.date() - timedelta(days=400)) for name in NAMES),
)
# Where a count tells children apart there is a question for each, for it counts questions.
TOLD_APART = {rule.every[0].field for rule in RULES if rule.children > 1}


class Family:
    """A case that has taken in the earlier visits, as the judge looks at one more."""

    def __init__(self, scenario: Scenario) -> None:
        self.case = engine.Case(FAMILY, book())
        for visit in scenario.earlier:
            self.case.history.add(event(visit))
        self.new = event(scenario.new)

    def take_in(self) -> Entry:
        """Index the new visit."""
        return self.case.history.add(self.new)

    def judge(self, entry: Entry) -> list[judging.Finding]:
        """What an indexed visit sets off, with its evidence."""
        case = self.case
        return judging.judge(case.history, entry, case, case.book.rules, case.book.holidays)

    def take_back(self, entry: Entry) -> None:
        """Forget the new visit, so that it can be taken in again."""
        self.case.history.take_back(entry)


def fired(findings: list[judging.Finding]) -> Fired:
    """The judge's findings as every engine answers."""
    numbers: dict[str, set[int]] = {}
    for finding in findings:
        found = numbers.setdefault(finding.rule.id, set())
        found.update(int(evidence.event) for evidence in finding.evidence)
    return {id: sorted(found) for id, found in numbers.items()}


def event(visit: Visit) -> VisitEvent:
    """A visit as Threshold records it."""
    answers = [Answer(item=name.upper(), value=_said(visit[name])) for name in _of_household()]
    for name in (*CHILD_FLAGS, *CHILD_NUMBERS):
        for child, value in enumerate(visit[name]):
            if name in TOLD_APART:
                answers.append(Answer(item=f"{name.upper()}-{child}", value=_said(value)))
            else:
                answers.append(Answer(item=name.upper(), about=NAMES[child], value=_said(value)))
    at = FIRST_DAY + timedelta(days=visit["day"])
    return VisitEvent(id=str(visit["n"]), at=at, received_at=at, answers=tuple(answers))


def _said(value: bool | int) -> str | int:
    return value if not isinstance(value, bool) else "yes" if value else "no"


def _of_household() -> list[str]:
    return [*HOUSEHOLD_FLAGS, *HOUSEHOLD_NUMBERS]


@cache
def book() -> Book:
    """The checklist and the compiled rules."""
    checklist = Checklist.from_doc(
        {
            "format": "threshold-checklist/1",
            "id": "bench",
            "version": 1,
            "title": "What the 25 rules ask about",
            "bases": ["seen"],
            "sections": [{"code": "ALL", "name": "All"}],
            "items": _items(),
        }
    )
    return Book(checklist, rules.from_doc(pack(), checklist), packs.holidays())


def _items() -> list[dict[str, Any]]:
    flags = [(name, "household") for name in HOUSEHOLD_FLAGS]
    flags += [(name, "child") for name in CHILD_FLAGS if name not in TOLD_APART]
    flags += [(f"{name}-{child}", "household") for name in TOLD_APART for child in range(CHILDREN)]
    options = [
        {"code": "yes", "level": "S", "label": "Yes"},
        {"code": "no", "level": "N", "label": "No"},
    ]
    items = [_item(name, per) | {"kind": "choice", "options": options} for name, per in flags]
    numbers = [(name, "household") for name in HOUSEHOLD_NUMBERS]
    numbers += [(name, "child") for name in CHILD_NUMBERS]
    return items + [
        _item(name, per) | {"kind": "number", "unit": "units", "bands": _bands(name)}
        for name, per in numbers
    ]


def _item(name: str, per: str) -> dict[str, Any]:
    return {"code": name.upper(), "section": "ALL", "question": f"{name}?", "per": per}


def _bands(field: str) -> list[dict[str, Any]]:
    """A band between each two bounds that rules know; those that any rule means are significant."""
    tests = [test for rule in RULES for test in (*rule.every, *rule.either) if test.field == field]
    edges = sorted({_edge(test) for test in tests})
    bands: list[dict[str, Any]] = []
    for low, high in zip([None, *edges], [*edges, None], strict=True):
        inside = low if low is not None else edges[0] - 1
        meant = any(_means(test, inside) for test in tests)
        band = {"code": f"from{low}", "level": "S" if meant else "N", "from": low, "below": high}
        bands.append({key: value for key, value in band.items() if value is not None})
    return bands


def _edge(test: Test) -> int:
    """The first whole number on the far side of a test's bound."""
    assert test.than is not None
    return test.than + 1 if test.over else test.than


def _means(test: Test, number: int) -> bool:
    assert test.than is not None
    return number > test.than if test.over else number < test.than


def pack() -> dict[str, Any]:
    """The rules in Threshold's language; they require nothing, as the other engines' do not."""
    minutes = {"elapsed": {"minutes": 30}}
    return {
        "format": "threshold-rules/1",
        "id": "bench",
        "version": 1,
        "title": "25 rules",
        "seen": {
            "by": {"answer": "WET", "in": ["no"]},
            "every": [{"plan": "any", "working_days": 20}],
        },
        "ladder": {
            "rule": "R00",
            "name": "Ladder",
            "why": "-",
            "rungs": ["manager"],
            "times": [{"level": "S", "first": minutes, "repeat": minutes}],
        },
        "rules": [_rule(rule) for rule in RULES],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    same_child = sum(test.of_child for test in rule.every) > 1
    return {
        "id": rule.id,
        "name": rule.id,
        "level": "S",
        "on": ["visit"],
        "for": "child" if same_child else "household",
        "when": _when(rule),
        "actions": [],
        "why": "-",
    }


def _when(rule: Rule) -> dict[str, Any]:
    if rule.within:
        counted = {"count": "items", "at_least": rule.children}
        if rule.children == 1:
            counted = {"count": "dates", "at_least": rule.times}
        return counted | {"within_days": rule.within, "of": _answer(rule.every[0])}
    every = [_answer(test) for test in rule.every]
    if rule.either:
        every.append({"any": [_answer(test) for test in rule.either]})
    return every[0] if len(every) == 1 else {"all": every}


def _answer(test: Test) -> dict[str, Any]:
    item: str | list[str] = test.field.upper()
    if test.field in TOLD_APART:
        item = [f"{item}-{child}" for child in range(CHILDREN)]
    if test.than is None:
        return {"answer": item, "in": ["yes"]}
    meant = [
        b["code"] for b in _bands(test.field) if _means(test, b.get("from", b.get("below", 1) - 1))
    ]
    return {"answer": item, "in": meant}
