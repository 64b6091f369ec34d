"""Why an escalation was raised, as one plain sentence that names what was seen and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from shared.checklist import Checklist
from shared.clocks import day_of
from shared.english import dates, day_words, listed, many, moment_words, number
from shared.escalation import Evidence, RequiredAction
from shared.facts import Arrival, ClosureRequest, Decision, Disagreed, Event, Household, PlanStarted
from shared.history import History
from shared.rules import Pack, Rule


class Raised(Protocol):
    """What an escalation and a finding have in common."""

    @property
    def raised_at(self) -> datetime: ...
    @property
    def evidence(self) -> list[Evidence]: ...
    @property
    def actions(self) -> list[RequiredAction]: ...
    @property
    def blockers(self) -> list[dict[str, Any]]: ...
    @property
    def children(self) -> tuple[str, ...]: ...
    @property
    def runs(self) -> tuple[str, ...]: ...


BASIS_WORDS = {
    "seen": "seen",
    "told_by_child": "told by the child",
    "told_by_parent": "told by a parent",
    "told_by_family_or_neighbour": "told by family or a neighbour",
    "told_by_professional": "told by a professional",
    "from_record": "from the record",
}
BLOCKER_WORDS = {
    "open_concern": ("concern still open", "concerns still open"),
    "action_not_done": ("required action not done", "required actions not done"),
    "not_seen": ("child not seen in time", "children not seen in time"),
    "could_not_check": ("core question not answered", "core questions not answered"),
    "disagreement": ("disagreement on record", "disagreements on record"),
}
_ARRIVED = {
    "pregnancy": "Pregnancy with",
    "birth": "Birth of",
    "discharge": "Discharge from hospital of",
    "return_home": "Return home of",
}
_ASKED = {"close": "Closing the case", "step_down": "Stepping a plan down", "end": "Ending a plan"}
_DECIDED = {
    "lower_level": "Level lowered",
    "close_concern": "Concern closed",
    "refuse_referral": "Referral refused",
    "decline_strategy_discussion": "Strategy discussion declined",
    "decide": "Decision",
}


def sentence(rule: Rule, raised: Raised, history: History, pack: Pack) -> str:
    """One sentence: what was seen about whom, when, by whom, and the count or run it makes."""
    if raised.evidence[0].action:
        action = pack.label(raised.evidence[0].action)
        by = moment_words(raised.raised_at)
        return f"“{action}” was due by {by}, with no record that it was done."
    if rule.raised_by_time:
        return f"{_unseen(raised, history)}."
    clauses = [_clause(same, history, pack) for same in _alike(raised.evidence) if same[0].item]
    events = [e for e in raised.evidence if not e.item]
    said = "; ".join([*_happened(events, history, pack), *clauses])
    said = said or f"Recorded {dates(e.at for e in raised.evidence)}"
    if raised.blockers:
        said = f"{said}, with {_blocking(raised)}"
    tails = list(raised.runs)
    if "plan_condition" in rule.doc["when"]:
        tails.append("the plan in force says what must then be done")
    return f"{said[0].upper()}{said[1:]}{': ' + '; '.join(tails) if tails else ''}."


def _blocking(raised: Raised) -> str:
    counts = Counter(blocker["kind"] for blocker in raised.blockers)
    return listed([many(n, *BLOCKER_WORDS[kind]) for kind, n in counts.items()])


def _unseen(raised: Raised, history: History) -> str:
    who = listed([name_of(child, history.household) for child in raised.children])
    passed = sorted({action.required_at for action in raised.actions})
    times = [
        f"by {moment_words(at)}, {_since(evidence, history)}"
        for at, evidence in zip(passed, raised.evidence, strict=False)
    ]
    return f"{who} had to be seen {listed(times)}"


def _since(evidence: Evidence, history: History) -> str:
    """What the time a child may go unseen was counted from."""
    day = day_words(day_of(evidence.at))
    event = history.by_id[evidence.event].event
    if isinstance(event, PlanStarted):
        return f"on a plan that began on {day}"
    if isinstance(event, Decision):
        return f"not seen since a decision on {day}"
    if evidence.level in ("S", "I"):
        return f"with a concern open since {day}"
    return f"last seen on {day}"


def _happened(events: Sequence[Evidence], history: History, pack: Pack) -> Iterator[str]:
    """What happened, where an event itself is evidence: an arrival, a plan, a decision."""
    for each in events:
        event = history.by_id[each.event].event
        words = _event_words(event, history.household, history.checklist)
        if words:
            by = f" by {pack.label(each.agency)}" if each.agency else ""
            yield f"{words} on {day_words(day_of(event.at))}{by}"


def _event_words(event: Event, household: Household, checklist: Checklist) -> str:
    match event:
        case Arrival():
            return f"{_ARRIVED[event.kind]} {name_of(event.child, household)}, recorded"
        case PlanStarted():
            return f"{event.kind.replace('_', ' ')} plan begun"
        case ClosureRequest():
            return f"{_ASKED.get(event.kind, event.kind)}, asked for"
        case Decision():
            about = f" about {name_of(event.about, household)}" if event.about else ""
            item = f" ({event.item}){about}" if event.item else ""
            to = f" to {event.to}" if event.to else ""
            basis = f", {BASIS_WORDS.get(event.basis, event.basis)}," if event.basis else ""
            return f"{_DECIDED[event.kind]}{item}{to}{basis}"
        case Disagreed():
            return "Disagreement recorded"
    return ""


def _alike(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Evidence gathered by item, answer, whom it is about and basis, in order of first mention."""
    together: dict[object, list[Evidence]] = {}
    for item in evidence:
        together.setdefault((item.item, item.answer, item.about, item.basis), []).append(item)
    return list(together.values())


def _clause(same: list[Evidence], history: History, pack: Pack) -> str:
    first, item = same[0], same[0].item or ""
    about = f" about {name_of(first.about, history.household)}" if first.about else ""
    when = dates(e.at for e in same)
    asked = f"“{history.checklist.items[item].question}”"
    if first.answer is None:
        return f"{asked} ({item}){about}, not answered {when}"
    basis = BASIS_WORDS.get(first.basis, first.basis)
    said = answer_words(history.checklist, item, first.answer)
    if item.startswith("ACC"):  # what happened at the door says itself what it answers
        basis = "recorded" if first.basis == "seen" else basis
    elif isinstance(first.answer, str | tuple):
        said = f"{asked}: {said}"
    return f"{said} ({item}){about}, {basis} {when}{_by(same, pack)}"


def _by(same: Sequence[Evidence], pack: Pack) -> str:
    """` by health visiting`, or ` by two agencies (health visiting and social care)`."""
    agencies = list(dict.fromkeys(pack.label(e.agency) for e in same if e.agency))
    if len(agencies) > 1:
        return f" by {number(len(agencies))} agencies ({listed(agencies)})"
    return f" by {agencies[0]}" if agencies else ""


def answer_words(
    checklist: Checklist, item_code: str, answer: str | tuple[str, ...] | float | None
) -> str:
    """An answer as the checklist words it: the options' labels, or the number with its unit."""
    item = checklist.items[item_code]
    if isinstance(answer, (int, float)):
        return f"{item.question.rstrip('?')}: {answer:g}"
    codes = answer if isinstance(answer, tuple) else (answer,)
    return listed([item.label_of(code or "") for code in codes])


def name_of(person: str | None, household: Household) -> str:
    """The name of a child or adult; of `SLP-05:ada` the child's; the id where none is recorded."""
    names = {child.id: child.name for child in household.children}
    names.update({adult.id: adult.name for adult in household.adults})
    item, _, whom = (person or "").rpartition(":")
    name = names.get(whom) or whom
    return f"{item} of {name}" if item else name
