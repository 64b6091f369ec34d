"""The conditions a rule is made of, compiled to functions that return the proof.

A condition looks at one event (`Look.entry`) with all that had happened by then. It answers with
the evidence that makes it true, with False, or with None: cannot tell. `any`, `all` and `not`
follow Kleene's logic, so that what was not found out is never taken for "no".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shared.clocks import day_of, under_months
from shared.facts import Arrival, ClosureRequest, Decision, Event, PlanStarted
from shared.history import RANKS, Entry, Observation
from shared.looking import (
    Answer,
    Doc,
    Look,
    Make,
    Proof,
    Test,
    Vocabulary,
    items_of,
    selector,
    truth,
)

EVENT_NAMES = {
    "visit": "Visit",
    "report": "Report",
    "closure_request": "ClosureRequest",
    "decision": "Decision",
    "disagree": "Disagreed",
    "pregnancy": "Arrival",
    "birth": "Arrival",
    "discharge": "Arrival",
    "return_home": "Arrival",
    "plan": "PlanStarted",
}


def _answer(doc: Doc, words: Vocabulary) -> Test:
    means = selector(doc, words.checklist)
    items = frozenset(items_of(doc, words.checklist))

    def test(look: Look) -> Answer:
        unknown = False
        found: list[Proof] = []
        for seen in look.entry.observations:
            if seen.item in items and look.concerns(seen):
                if means(seen):
                    found.append(seen)
                elif seen.level == "U":
                    unknown = True
        return found or (None if unknown else False)

    return test


def _any(doc: Doc, words: Vocabulary) -> Test:
    tests = [words.compile(part) for part in doc["any"]]

    def test(look: Look) -> Answer:
        found: list[Proof] = []
        true = unknown = False
        for part in tests:
            answer = part(look)
            if answer is None:
                unknown = True
            elif answer is not False:
                true = True
                found.extend(proof for proof in answer if proof not in found)
        return found if true else (None if unknown else False)

    return test


def _all(doc: Doc, words: Vocabulary) -> Test:
    tests = [words.compile(part) for part in doc["all"]]

    def test(look: Look) -> Answer:
        found: list[Proof] = []
        unknown = False
        for part in tests:
            answer = part(look)
            if answer is False:
                return False
            if answer is None:
                unknown = True
            else:
                found.extend(proof for proof in answer if proof not in found)
        return None if unknown else found

    return test


def _not(doc: Doc, words: Vocabulary) -> Test:
    inner = words.compile(doc["not"])

    def test(look: Look) -> Answer:
        answer = inner(look)
        if answer is None:
            return None
        return [] if answer is False else False

    return test


def _term(doc: Doc, words: Vocabulary) -> Test:
    return words.terms[doc["term"]]


def _rule(doc: Doc, words: Vocabulary) -> Test:
    name = doc["rule"]
    return lambda look: truth(look.met.get(name, False))


def named_events(names: Iterable[str]) -> Callable[[Event], bool]:
    """Whether an event is one of those named in `event:` or `on:`."""
    wanted = {(EVENT_NAMES[name], name) for name in names}
    kinds = {kind for kind, _ in wanted}
    arrivals = {name for kind, name in wanted if kind == "Arrival"}

    def is_named(event: Event) -> bool:
        if isinstance(event, Arrival):
            return event.kind in arrivals
        return type(event).__name__ in kinds

    return is_named


def _event(doc: Doc, words: Vocabulary) -> Test:
    named = doc["event"]
    is_named = named_events([named] if isinstance(named, str) else named)
    agencies, kinds = doc.get("agency"), doc.get("kind")
    bases, to = doc.get("basis"), doc.get("to")

    def test(look: Look) -> Answer:
        event = look.entry.event
        if not is_named(event) or (agencies and event.agency not in agencies):
            return False
        if kinds and getattr(event, "kind", None) not in kinds:
            return False
        if isinstance(event, Decision) and bases and event.basis not in bases:
            return False
        if isinstance(event, Decision) and to and event.to not in to:
            return False
        return [] if look.entry.observations else [look.entry]

    return test


def _child_under_months(doc: Doc, words: Vocabulary) -> Test:
    months = doc["child_under_months"]

    def test(look: Look) -> Answer:
        day = day_of(look.at)
        if look.child is None:
            return truth(look.history.has_child_under(months, day))
        born = look.child.born
        return truth(born is not None and born <= day and under_months(born, day, months))

    return test


def _unborn_child(doc: Doc, words: Vocabulary) -> Test:
    def test(look: Look) -> Answer:
        unborn = look.history.unborn(look.at)
        if look.child is not None:
            unborn = [child for child in unborn if child.id == look.child.id]
        return truth(bool(unborn) == doc["unborn_child"])

    return test


def _plan_in_force(doc: Doc, words: Vocabulary) -> Test:
    kinds = doc["plan_in_force"]

    def test(look: Look) -> Answer:
        for plan in look.history.plans_in_force(look.at):
            mine = look.child is None or look.child.id in plan.children
            if mine and (kinds == "any" or plan.kind in kinds):
                return []
        return False

    return test


def _concern_open_before(doc: Doc, words: Vocabulary) -> Test:
    least = RANKS[doc["concern_open_before"]]

    def test(look: Look) -> Answer:
        held = look.history.open_concerns(look.entry.order)
        return truth(any(seen.rank >= least for seen in held))

    return test


def _plan_condition(doc: Doc, words: Vocabulary) -> Test:
    """A plan in force carries the no-access condition, and the visit's outcome is counted by it."""

    def test(look: Look) -> Answer:
        found: list[Proof] = []
        children: list[str] = []
        for plan in look.history.plans_in_force(look.at):
            for seen in _outcomes_met(plan, look.entry):
                found.extend([seen] if seen not in found else [])
                met_for = [seen.about] if seen.item == "ACC-03" else plan.children
                children.extend(c for c in met_for if c and c not in children)
        look.children = tuple(children)
        return found or False

    return test


def _outcomes_met(plan: PlanStarted, entry: Entry) -> list[Observation]:
    if plan.no_access is None:
        return []
    counted = set(plan.no_access.outcomes)
    announced = "ann" in entry.codes("ACC-02")
    found = []
    for seen in entry.observations:
        at_door = seen.item == "ACC-01" and counted.intersection(seen.codes)
        announced_out = seen.item == "ACC-01" and "out" in seen.codes and "out_announced" in counted
        hidden = (
            seen.item == "ACC-03"
            and seen.about in plan.children
            and counted.intersection(seen.codes)
        )
        if at_door or hidden or (announced_out and announced):
            found.append(seen)
    if announced and any(seen.codes == ("out",) for seen in found):
        found.extend(seen for seen in entry.observations if seen.item == "ACC-02")
    return found


def _blocked_by(doc: Doc, words: Vocabulary) -> Test:
    kinds = tuple(doc["blocked_by"])

    def test(look: Look) -> Answer:
        look.blockers = look.case.blockers(look.entry, kinds)
        request = look.entry.event
        if isinstance(request, ClosureRequest) and request.plan:
            plan = look.history.plan_at(request.plan, look.at)
            look.children = plan.children if plan else ()
        return [look.entry] if look.blockers else False

    return test


def _unclaimed(doc: Doc, words: Vocabulary) -> Test:
    means = selector(doc["unclaimed"], words.checklist)

    def test(look: Look) -> Answer:
        found: list[Proof] = [
            seen
            for seen in look.entry.observations
            if means(seen) and id(seen) not in look.claimed and look.concerns(seen)
        ]
        return found or False

    return test


CONDITIONS: dict[str, Make] = {
    "any": _any,
    "all": _all,
    "not": _not,
    "term": _term,
    "rule": _rule,
    "event": _event,
    "child_under_months": _child_under_months,
    "unborn_child": _unborn_child,
    "plan_in_force": _plan_in_force,
    "plan_condition": _plan_condition,
    "concern_open_before": _concern_open_before,
    "blocked_by": _blocked_by,
    "unclaimed": _unclaimed,
    "answer": _answer,
}
