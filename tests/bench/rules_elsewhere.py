"""The 25 rules in the words of other engines: over all the visits, or over facts made beforehand.

zen-engine can say itself what a rule asks of earlier visits. JSON Logic cannot, so it, and zen once
more, is given how often each thing was by `rules_by_hand.facts`, which is hand-written for these
rules; which visits they were is added to what the engine says. Both engines are compiled Rust.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import datalogic_py
import zen

from tests.bench import rules_by_hand
from tests.bench.rule_work import CHILDREN, RULES, Fired, Rule, Scenario, Test, Visit


def zen_native() -> Callable[[str], Fired]:
    """One expression that answers all rules, over all visits as JSON text."""
    whole = "{" + ", ".join(f"{rule.id}: {_zen_rule(rule)}" for rule in RULES) + "}"
    compiled = zen.compile_expression(whole)

    def judge(text: str) -> Fired:
        answer = compiled.evaluate(text)
        return {id: [int(n) for n in found] for id, found in answer.items() if found}

    return judge


def as_text(scenario: Scenario) -> str:
    """What zen is given: the new visit, and all of them."""
    return json.dumps({"now": scenario.new, "visits": [*scenario.earlier, scenario.new]})


def _zen_rule(rule: Rule) -> str:
    met = _met(rule, "now.")
    if not rule.within:
        return f"{met} ? [now.n] : []"
    then = _met(rule, "v.")
    found = f"filter(visits as v, v.day >= now.day - {rule.within} and {then})"
    enough = f"len({found}) >= {rule.times}"
    if rule.children > 1:
        field = rule.every[0].field
        each = (f"some({found}, #.{field}[{c}]) ? 1 : 0" for c in range(CHILDREN))
        enough = f"sum([{', '.join(each)}]) >= {rule.children}"
    return f"{met} and {enough} ? map({found}, #.n) : []"


def zen_on_facts() -> Callable[[dict[str, Any]], Sequence[Any]]:
    """One expression: whether each rule is met, by the facts."""
    whole = f"[{', '.join(_on_facts(rule, _met(rule, '')) for rule in RULES)}]"
    return zen.compile_expression(whole).evaluate


def json_logic_on_facts() -> Callable[[dict[str, Any]], Sequence[Any]]:
    """One JSON Logic rule: whether each rule is met, compiled by datalogic (Rust)."""
    return datalogic_py.Engine().compile([_logic(rule) for rule in RULES]).evaluate


def with_visits(
    met: Callable[[dict[str, Any]], Sequence[Any]], visit: Visit, history: rules_by_hand.History
) -> Fired:
    """What an engine that is given facts answers, with the making of the facts."""
    facts, found = rules_by_hand.facts(visit, history)
    now = [visit["n"]]
    answers = zip(RULES, met(facts), strict=True)
    return {rule.id: found.get(rule.id, now) for rule, is_met in answers if is_met}


def _on_facts(rule: Rule, met: str) -> str:
    if not rule.within:
        return met
    return f"{met} and {rule.id} >= {max(rule.times, rule.children)}"


def _met(rule: Rule, visit: str) -> str:
    """Whether a visit meets the tests, those about a child for the same one."""
    of_child = [test for test in rule.every if test.of_child]
    alone = [test for test in rule.every if not test.of_child or len(of_child) == 1]
    parts = [_zen_test(test, visit) for test in alone]
    if len(of_child) > 1:
        same = (" and ".join(_one(t, visit, c) for t in of_child) for c in range(CHILDREN))
        parts.append("(" + " or ".join(f"({each})" for each in same) + ")")
    if rule.either:
        parts.append("(" + " or ".join(_zen_test(test, visit) for test in rule.either) + ")")
    return " and ".join(parts)


def _zen_test(test: Test, visit: str) -> str:
    if not test.of_child:
        return _one(test, visit)
    return f"some({visit}{test.field}, #{_bound(test)})"


def _one(test: Test, visit: str, child: int | None = None) -> str:
    place = f"[{child}]" if child is not None and test.of_child else ""
    return f"{visit}{test.field}{place}{_bound(test)}"


def _bound(test: Test) -> str:
    return "" if test.than is None else f" {'>' if test.over else '<'} {test.than}"


def _logic(rule: Rule) -> dict[str, Any]:
    of_child = [test for test in rule.every if test.of_child]
    alone = [test for test in rule.every if not test.of_child or len(of_child) == 1]
    parts = [_logic_test(test) for test in alone]
    if len(of_child) > 1:
        same = [{"and": [_logic_one(t, c) for t in of_child]} for c in range(CHILDREN)]
        parts.append({"or": same})
    if rule.either:
        parts.append({"or": [_logic_test(test) for test in rule.either]})
    if rule.within:
        parts.append({">=": [{"var": rule.id}, max(rule.times, rule.children)]})
    return {"and": parts}


def _logic_test(test: Test) -> dict[str, Any]:
    if not test.of_child:
        return _logic_one(test)
    return {"or": [_logic_one(test, child) for child in range(CHILDREN)]}


def _logic_one(test: Test, child: int | None = None) -> dict[str, Any]:
    value = {"var": test.field if child is None else f"{test.field}.{child}"}
    return value if test.than is None else {">" if test.over else "<": [value, test.than]}
