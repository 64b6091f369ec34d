"""Events as documents and back: which fields each type has, once their shapes have been checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from shared import facts
from shared.facts import Answer, Event, Household

VERSION = 1
Doc = dict[str, Any]
Loaded = Mapping[str, Any]


def to_doc(household_id: str, event: Event) -> Doc:
    """Return an event as the document that is stored, hashed and sealed.

    What is empty is left out. `received_at` is never in it: the office says that.
    """
    kind, fields = _FIELDS[type(event)](event)
    doc = {
        "v": VERSION,
        "type": kind,
        "id": event.id,
        "household": household_id,
        "at": _moment(event.at),
        "by": event.by,
        "agency": event.agency,
        **fields,
    }
    return {key: value for key, value in doc.items() if value is not None and value != ""}


def build(kind: str, loaded: Loaded, received_at: datetime) -> Event:
    """Return the event of a type from its checked fields."""
    common = {
        "id": loaded["id"],
        "at": loaded["at"],
        "received_at": received_at,
        "by": loaded.get("by", ""),
        "agency": loaded.get("agency", ""),
    }
    return _BUILD[kind](loaded, common)


def read_back(doc: Loaded, received_at: datetime) -> Event:
    """Return the event of a document that was checked when it came, without checking it again."""
    loaded = dict(doc)
    for key in ("at", "left_at"):
        if key in loaded:
            loaded[key] = _moment_of(loaded[key])
    if "answers" in loaded:
        basis = "seen" if loaded["type"] == "visit" else "from_record"
        loaded["answers"] = [{"basis": basis, **each} for each in loaded["answers"]]
    if "actions" in loaded:
        loaded["actions"] = [{**each, "due": _moment_of(each["due"])} for each in loaded["actions"]]
    if "household_record" in loaded:
        record = loaded["household_record"]
        children = [_dated(each) for each in record.get("children", ())]
        loaded["household_record"] = {**record, "children": children}
    return build(loaded["type"], loaded, received_at)


def household_to_doc(household: Household) -> Doc:
    """Return who a family is as a document, without its id."""
    return _filled(
        name=household.name,
        address=household.address,
        phone=household.phone,
        children=[_child_doc(each) for each in household.children],
        adults=[
            _filled(id=each.id, name=each.name, relation=each.relation) for each in household.adults
        ],
    )


def household_from(household_id: str, loaded: Loaded) -> Household:
    """Return who a family is from its checked fields."""
    return Household(
        id=household_id,
        name=loaded.get("name", ""),
        address=loaded.get("address", ""),
        phone=loaded.get("phone", ""),
        children=tuple(facts.Child(**each) for each in loaded.get("children", ())),
        adults=tuple(facts.Adult(**each) for each in loaded.get("adults", ())),
    )


def answer_to_doc(answer: Answer) -> Doc:
    """Return an answer as a document; the empty parts are left out, the basis never."""
    value = list(answer.value) if isinstance(answer.value, tuple) else answer.value
    return _filled(
        item=answer.item,
        answer=value,
        about=answer.about,
        basis=answer.basis,
        note=answer.note,
        also=answer.also,
        reason=answer.reason,
    )


def _child_doc(child: facts.Child) -> Doc:
    return _filled(
        id=child.id,
        name=child.name,
        born=_day(child.born),
        due=_day(child.due),
        gestation_weeks=child.gestation_weeks,
        birth_weight_g=child.birth_weight_g,
        bottle_fed=child.bottle_fed,
    )


def _filled(**fields: Any) -> Doc:
    return {key: value for key, value in fields.items() if value is not None and value != ""}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _dated(child: Loaded) -> Doc:
    days = {key: date.fromisoformat(child[key]) for key in ("born", "due") if child.get(key)}
    return {**child, **days}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _household_doc(event: facts.HouseholdRecorded) -> tuple[str, Doc]:
    return "household", {"household_record": household_to_doc(event.household)}


def _visit_doc(event: facts.Visit) -> tuple[str, Doc]:
    return "visit", {
        "answers": [answer_to_doc(each) for each in event.answers],
        "checklist": event.checklist,
        "left_at": _moment(event.left_at) if event.left_at else None,
        "shown": list(event.shown) or None,
        "amends": event.amends,
    }


def _report_doc(event: facts.Report) -> tuple[str, Doc]:
    answers = [answer_to_doc(each) for each in event.answers]
    return "report", {"answers": answers, "event_ref": event.event_ref}


def _plan_doc(event: facts.PlanStarted) -> tuple[str, Doc]:
    condition = event.no_access
    return "plan", {
        "action": "start",
        "plan": event.plan,
        "kind": event.kind,
        "children": list(event.children),
        "see_every": {"working_days": event.see_every} if event.see_every else None,
        "conditions": condition and [{"code": "no_access", "outcomes": list(condition.outcomes)}],
        "actions": [_plan_action_doc(each) for each in event.actions] or None,
        "words": event.words,
    }


def _plan_action_doc(action: facts.PlanAction) -> Doc:
    return {"code": action.code, "who": action.who, "due": _moment(action.due)}


def _closure_doc(event: facts.ClosureRequest) -> tuple[str, Doc]:
    return "closure_request", {"kind": event.kind, "plan": event.plan}


def _decision_doc(event: facts.Decision) -> tuple[str, Doc]:
    names = ("kind", "role", "reason", "rule", "on", "item", "about", "to", "basis")
    return "decision", {name: getattr(event, name) for name in names}


def _acknowledged_doc(event: facts.Acknowledged) -> tuple[str, Doc]:
    return "acknowledge", {"rule": event.rule, "on": event.on, "role": event.role}


def _action_done_doc(event: facts.ActionDone) -> tuple[str, Doc]:
    names = ("action", "rule", "on", "plan", "note", "reference", "outcome")
    return "action_done", {name: getattr(event, name) for name in names}


_FIELDS: dict[type[Event], Callable[[Any], tuple[str, Doc]]] = {
    facts.HouseholdRecorded: _household_doc,
    facts.Visit: _visit_doc,
    facts.Report: _report_doc,
    facts.PlanStarted: _plan_doc,
    facts.PlanEnded: lambda event: ("plan", {"action": "end", "plan": event.plan}),
    facts.Arrival: lambda event: (event.kind, {"child": event.child}),
    facts.ClosureRequest: _closure_doc,
    facts.Decision: _decision_doc,
    facts.Disagreed: lambda event: ("disagree", {"reason": event.reason}),
    facts.Acknowledged: _acknowledged_doc,
    facts.ActionDone: _action_done_doc,
}


def _answers(loaded: Loaded) -> tuple[Answer, ...]:
    return tuple(
        Answer(
            item=each["item"],
            value=tuple(each["answer"]) if isinstance(each["answer"], list) else each["answer"],
            about=each.get("about"),
            basis=each["basis"],
            note=each.get("note", ""),
            also=each.get("also", ""),
            reason=each.get("reason", ""),
        )
        for each in loaded["answers"]
    )


def _household(loaded: Loaded, common: Doc) -> Event:
    household = household_from(loaded["household"], loaded["household_record"])
    return facts.HouseholdRecorded(**common, household=household)


def _visit(loaded: Loaded, common: Doc) -> Event:
    return facts.Visit(
        **common,
        answers=_answers(loaded),
        checklist=loaded.get("checklist", ""),
        left_at=loaded.get("left_at"),
        shown=tuple(loaded.get("shown", ())),
        amends=loaded.get("amends"),
    )


def _report(loaded: Loaded, common: Doc) -> Event:
    answers = _answers(loaded)
    return facts.Report(**common, answers=answers, event_ref=loaded.get("event_ref"))


def _plan(loaded: Loaded, common: Doc) -> Event:
    if loaded["action"] == "end":
        return facts.PlanEnded(**common, plan=loaded["plan"])
    conditions = loaded.get("conditions", ())
    default = facts.NoAccess().outcomes
    outcomes = tuple(conditions[0].get("outcomes", default)) if conditions else ()
    return facts.PlanStarted(
        **common,
        plan=loaded["plan"],
        kind=loaded["kind"],
        children=tuple(loaded["children"]),
        see_every=loaded.get("see_every", {}).get("working_days"),
        no_access=facts.NoAccess(outcomes=outcomes) if conditions else None,
        actions=tuple(facts.PlanAction(**each) for each in loaded.get("actions", ())),
        words=loaded.get("words", ""),
    )


def _rest(made: type[Event]) -> Callable[[Loaded, Doc], Event]:
    envelope = ("v", "type", "household", "id", "at", "by", "agency")

    def build_it(loaded: Loaded, common: Doc) -> Event:
        own = {key: value for key, value in loaded.items() if key not in envelope}
        return made(**common, **own)

    return build_it


def _arrival(loaded: Loaded, common: Doc) -> Event:
    return facts.Arrival(**common, kind=loaded["type"], child=loaded["child"])


_BUILD: dict[str, Callable[[Loaded, Doc], Event]] = {
    "household": _household,
    "visit": _visit,
    "report": _report,
    "plan": _plan,
    **dict.fromkeys(facts.ARRIVALS, _arrival),
    "closure_request": _rest(facts.ClosureRequest),
    "decision": _rest(facts.Decision),
    "disagree": _rest(facts.Disagreed),
    "acknowledge": _rest(facts.Acknowledged),
    "action_done": _rest(facts.ActionDone),
}
