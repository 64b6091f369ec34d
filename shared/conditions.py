"""The conditions a rule is made of, compiled to functions that return the proof.

A condition looks at one event (`Look.entry`) with all that had happened by then. It answers with
the evidence that makes it true, with False, or with None: cannot tell. `any`, `all` and `not`
follow Kleene's logic, so that what was not found out is never taken for "no". `without` asks for
less: that a thing is not known to be so; an excuse has to be known to count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shared.clocks import day_of, under_months
from shared.entries import Entry, Observation
from shared.facts import Arrival, ClosureRequest, Decision, Event, PlanStarted
from shared.items import RANKS
from shared.looking import (
    ALWAYS,
    Answer,
    Blank,
    Condition,
    Doc,
    Look,
    Make,
    Proof,
    Vocabulary,
    Wake,
    items_of,
    truth,
    woken_by,
)

# What an event is called in a rule, by its class; an arrival is called what it is.
EVENT_NAMES = {
    "Visit": "visit",
    "Report": "report",
    "ClosureRequest": "closure_request",
    "Decision": "decision",
    "Disagreed": "disagree",
    "PlanStarted": "plan",
}


def name_of(event: Event) -> str:
    """What an event is called in a rule; "" when no rule can name it."""
    return event.kind if isinstance(event, Arrival) else EVENT_NAMES.get(type(event).__name__, "")


def _answer(doc: Doc, words: Vocabulary) -> Condition:
    means = words.select(doc)

    def test(look: Look) -> Answer:
        found: list[Proof] = [*means.pick(look, look.seen)]
        if found:
            return found
        return None if look.asks and look.is_open(means.possible) else False

    return Condition(test, woken_by(means.means))


def _any(doc: Doc, words: Vocabulary) -> Condition:
    parts = [words.compile(part) for part in doc["any"]]
    tests = [part.test for part in parts]

    def test(look: Look) -> Answer:
        found: list[Sequence[Proof]] = []
        unknown = False
        for part in tests:
            answer = part(look)
            if answer is None:
                unknown = True
            elif answer is not False:
                found.append(answer)
        return joined(found) if found else (None if unknown else False)

    return Condition(test, tuple(wake for part in parts for wake in part.wakes))


def _all(doc: Doc, words: Vocabulary) -> Condition:
    parts = [words.compile(part) for part in doc["all"]]
    tests = [part.test for part in parts]

    def test(look: Look) -> Answer:
        found: list[Sequence[Proof]] = []
        unknown = False
        for part in tests:
            answer = part(look)
            if answer is False:
                return False
            if answer is None:
                unknown = True
            else:
                found.append(answer)
        return None if unknown else joined(found)

    return Condition(test, _every(parts))


def _every(parts: Sequence[Condition]) -> tuple[Wake, ...]:
    """Each part must be woken: the right event for all, an answer for the first that asks."""
    events: frozenset[str] | None = None
    for part in parts:
        if len(part.wakes) == 1:
            events = Wake(events).only_on(part.wakes[0].events).events
    asking = [part.wakes for part in parts if all(wake.answer for wake in part.wakes)]
    return tuple(wake.only_on(events) for wake in (asking or [ALWAYS])[0])


def joined(found: Sequence[Sequence[Proof]]) -> list[Proof]:
    """Proof from several conditions, each piece once, in the order it was found."""
    if len(found) == 1:
        return list(found[0])
    return list({id(proof): proof for proofs in found for proof in proofs}.values())


def _not(doc: Doc, words: Vocabulary) -> Condition:
    inner = words.compile(doc["not"]).test

    def test(look: Look) -> Answer:
        answer = _aside(inner, look, asks=True)
        if answer is None:
            return None
        return [] if answer is False else False

    return Condition(test)


def _without(doc: Doc, words: Vocabulary) -> Condition:
    inner = words.compile(doc["without"]).test

    def test(look: Look) -> Answer:
        return truth(_aside(inner, look, asks=False) in (False, None))

    return Condition(test)


def _aside(inner: Callable[[Look], Answer], look: Look, *, asks: bool) -> Answer:
    """Look at what must not be so: what it meets is no proof of the rule."""
    asked, runs = look.asks, len(look.runs)
    look.asks = asks
    answer = inner(look)
    look.asks = asked
    del look.runs[runs:]
    return answer


def _term(doc: Doc, words: Vocabulary) -> Condition:
    return words.terms[doc["term"]]


def _rule(doc: Doc, words: Vocabulary) -> Condition:
    name = doc["rule"]
    return Condition(lambda look: truth(look.met.get(name, False)))


def _event(doc: Doc, words: Vocabulary) -> Condition:
    named = frozenset([doc["event"]] if isinstance(doc["event"], str) else doc["event"])
    agencies, kinds = doc.get("agency"), doc.get("kind")
    bases, to = doc.get("basis"), doc.get("to")

    def test(look: Look) -> Answer:
        event = look.entry.event
        if name_of(event) not in named or (agencies and event.agency not in agencies):
            return False
        if kinds and getattr(event, "kind", None) not in kinds:
            return False
        if isinstance(event, Decision) and bases and event.basis not in bases:
            return False
        if isinstance(event, Decision) and to and event.to not in to:
            return False
        if isinstance(event, Arrival):
            look.children = (event.child,)
        return [] if look.entry.said else [look.entry]

    return Condition(test, (Wake(named),))


def _child_under_months(doc: Doc, words: Vocabulary) -> Condition:
    months = doc["child_under_months"]

    def test(look: Look) -> Answer:
        day = day_of(look.at)
        if look.child is None:
            return truth(look.history.has_child_under(months, day))
        born = look.child.born
        return truth(born is not None and born <= day and under_months(born, day, months))

    return Condition(test)


def _unborn_child(doc: Doc, words: Vocabulary) -> Condition:
    def test(look: Look) -> Answer:
        unborn = look.history.unborn(look.at)
        if look.child is not None:
            unborn = [child for child in unborn if child.id == look.child.id]
        return truth(bool(unborn) == doc["unborn_child"])

    return Condition(test)


def _plan_in_force(doc: Doc, words: Vocabulary) -> Condition:
    kinds = doc["plan_in_force"]

    def test(look: Look) -> Answer:
        for plan in look.history.plans_in_force(look.at):
            mine = look.child is None or look.child.id in plan.children
            if mine and (kinds == "any" or plan.kind in kinds):
                return []
        return False

    return Condition(test)


def _concern_open_before(doc: Doc, words: Vocabulary) -> Condition:
    least = RANKS[doc["concern_open_before"]]

    def test(look: Look) -> Answer:
        held = look.history.open_concerns(look.entry.order)
        return truth(any(seen.rank >= least for seen in held))

    return Condition(test)


def _plan_condition(doc: Doc, words: Vocabulary) -> Condition:
    """A plan in force carries the no-access condition, and the visit's outcome is counted by it."""

    def test(look: Look) -> Answer:
        if not look.history.plans:
            return False
        plans = [plan for plan in look.history.plans_in_force(look.at) if plan.no_access]
        found: list[Proof] = []
        children: list[str] = []
        for plan in plans:
            for seen in _outcomes_met(plan, look.entry):
                found.extend([seen] if seen not in found else [])
                met_for = [seen.about] if seen.item == "ACC-03" else plan.children
                children.extend(c for c in met_for if c and c not in children)
        look.children = tuple(children)
        if found:
            return found
        return None if look.asks and any(_outcome_open(plan, look) for plan in plans) else False

    return Condition(test)


def _outcomes_met(plan: PlanStarted, entry: Entry) -> list[Observation]:
    counted = set(plan.no_access.outcomes) if plan.no_access else set()
    announced = "ann" in entry.codes("ACC-02")
    found = []
    for seen in entry.said.values():
        if seen.item == "ACC-01":
            codes = {*seen.codes, *(f"{c}_announced" for c in seen.codes if announced)}
        elif seen.item == "ACC-03" and seen.about in plan.children:
            codes = {*seen.codes}
        else:
            continue
        if counted & codes:
            found.append(seen)
    if announced and any(seen.codes == ("out",) for seen in found):
        found.append(entry.said["ACC-02", None])
    return found


def _outcome_open(plan: PlanStarted, look: Look) -> bool:
    """Whether what was not answered could be an outcome that the plan counts."""
    counted = set(plan.no_access.outcomes) if plan.no_access else set()
    if any(f"{code}_announced" in counted for code in look.entry.codes("ACC-01")):
        return look.is_open(("ACC-02",))
    unknown = look.history.asking.unknown(look.entry)
    hidden = [("ACC-03", child) for child in plan.children if ("ACC-03", child) in unknown]
    look.open.extend(hidden)
    return bool(hidden)


def _blocked_by(doc: Doc, words: Vocabulary) -> Condition:
    kinds = tuple(doc["blocked_by"])

    def test(look: Look) -> Answer:
        look.blockers = look.case.blockers(look.entry, kinds)
        request = look.entry.event
        if isinstance(request, ClosureRequest) and request.plan:
            plan = look.history.plan_at(request.plan, look.at)
            look.children = plan.children if plan else ()
        return [look.entry] if look.blockers else False

    return Condition(test)


def _unclaimed(doc: Doc, words: Vocabulary) -> Condition:
    means = words.select(doc["unclaimed"])

    def test(look: Look) -> Answer:
        found: list[Proof] = [
            seen for seen in means.pick(look, look.seen) if id(seen) not in look.claimed
        ]
        return found or False

    return Condition(test, woken_by(means.means))


def _not_yet_home(doc: Doc, words: Vocabulary) -> Condition:
    """The child whose event it is, or else a child of the household, is unborn or not yet home."""

    def test(look: Look) -> Answer:
        event = look.entry.event
        if isinstance(event, Arrival):
            return truth(event.kind in ("pregnancy", "birth"))
        away: set[str] = {child.id for child in look.history.unborn(look.at)}
        for entry in look.history.arrivals:
            if entry.order < look.entry.order and isinstance(entry.event, Arrival):
                if entry.event.kind == "birth":
                    away.add(entry.event.child)
                elif entry.event.kind != "pregnancy":
                    away.discard(entry.event.child)
        return truth(bool(away))

    return Condition(test)


def _evidence_about(doc: Doc, words: Vocabulary) -> Condition:
    """Any of what made the rule fire is an answer, or a missing one, in these sections."""
    items = set(items_of({"answer": doc["evidence_about"]}, words.checklist))

    def test(look: Look) -> Answer:
        named = (p.item for p in look.proof if isinstance(p, Observation | Blank))
        return truth(any(item in items for item in named))

    return Condition(test)


CONDITIONS: dict[str, Make] = {
    "any": _any,
    "all": _all,
    "not": _not,
    "without": _without,
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
    "not_yet_home": _not_yet_home,
    "evidence_about": _evidence_about,
    "answer": _answer,
}
