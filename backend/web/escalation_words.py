"""An escalation in words: its evidence, what is required, who has been told, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.escalations import Done, EscalationView
from backend.web import answers, blockers, rows, words
from backend.web.rows import Row
from backend.web.words import Due
from shared import packs
from shared.escalation import Escalation, Evidence, RequiredAction
from shared.facts import Household
from shared.packs import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who said it, when, on what basis, and in which record."""

    basis: str
    who: str
    at: datetime
    note: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """One thing that made the rule fire, with every time it was said."""

    answer: str
    question: str
    about: str
    sources: list[Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One required action at one due time.

    `due` is None while what it must be done `before` has no date yet. `done` says when and by
    whom, or is ''; `came` what came of it; `event` is what records it.
    """

    who: str
    due: Due | None
    before: str
    done: str
    came: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """A required action with every time it is due."""

    action: str
    demands: list[Demand]
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rung of the ladder. `state`: told, next, later or spared."""

    role: str
    words: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of the escalation's history."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An escalation, ready for its page."""

    family: str
    row: Row
    rule_id: str
    rule_why: str
    pack: str
    fired: list[Fired]
    blockers: list[str]
    required: list[Required]
    steps: list[Step]
    history: list[Happened]


def present(view: EscalationView, book: Book, now: datetime) -> Shown:
    """Everything the page says about an escalation, at `now`."""
    raised, household = view.escalation, view.household_record
    row = rows.row(view.item, now, book)
    return Shown(
        family=row.family,
        row=row,
        rule_id=raised.rule,
        rule_why=_why(raised, book),
        pack=raised.pack,
        fired=_fired(raised.evidence, household, view.names, book),
        blockers=blockers_of(view, book, now),
        required=required(raised.actions, view.done, now),
        steps=steps(view, book, now),
        history=history(view, now),
    )


def blockers_of(view: EscalationView, book: Book, now: datetime) -> list[str]:
    """What stands against the request that raised it, each as a sentence."""
    household = view.household_record
    return [blockers.words_of(each, household, book, now) for each in view.escalation.blockers]


def _why(raised: Escalation, book: Book) -> str:
    known = {rule.id: rule.why for rule in book.rules.rules}
    return known.get(raised.rule, "")


def _fired(
    evidence: Sequence[Evidence], household: Household, names: Mapping[str, str], book: Book
) -> list[Fired]:
    """The evidence in the order first met, the same answer about the same one together."""
    together: dict[object, list[Evidence]] = {}
    for each in evidence:
        together.setdefault((each.item, each.answer, each.about, each.action), []).append(each)
    return [
        Fired(
            answer=_told(same[0], book),
            question=_question(same[0], book),
            about=answers.about_words(book.checklist, household, same[0].about),
            sources=[_source(each, names) for each in same],
        )
        for same in together.values()
    ]


def _told(each: Evidence, book: Book) -> str:
    if each.item:
        return answers.answer_words(book.checklist, each.item, each.answer)
    if each.action:
        return f"Not done in time: {packs.label(each.action)}"
    return "This record, as a whole"


def _question(each: Evidence, book: Book) -> str:
    item = book.checklist.items.get(each.item or "")
    return item.question if item else ""


def _source(each: Evidence, names: Mapping[str, str]) -> Source:
    return Source(
        basis=words.basis(each.basis) if each.basis else "",
        who=answers.who_words(names, each.by, each.agency),
        at=each.at,
        note=each.note,
        event=each.event,
    )


def required(
    actions: list[RequiredAction], done: Mapping[str, Done], now: datetime
) -> list[Required]:
    """The required actions by what is to be done: what is left first, the earliest due before."""
    by_code: dict[str, list[RequiredAction]] = {}
    for action in sorted(actions, key=lambda each: (each.done_at is not None, each.by_when)):
        by_code.setdefault(action.code, []).append(action)
    return [
        Required(
            action=packs.label(code),
            demands=[_demand(each, done, now) for each in same],
            left=sum(each.done_at is None for each in same),
        )
        for code, same in by_code.items()
    ]


def _demand(action: RequiredAction, done: Mapping[str, Done], now: datetime) -> Demand:
    told, came = "", ""
    record = done.get(action.done_by or "")
    if action.done_at:
        late = "" if action.done_in_time else ", late"
        told = f"Done {words.moment(action.done_at, now)}{_by(record)}{late}"
    if record:
        reference = f"reference {record.reference}" if record.reference else ""
        came = ", ".join(filter(None, (record.outcome, reference, record.note)))
    return Demand(
        who=packs.label(action.who),
        due=words.due(action.due_at, now) if action.due_at else None,
        before=f"before {packs.label(action.before)}" if action.before else "",
        done=told,
        came=came,
        event=action.done_by or "",
    )


def _by(record: Done | None) -> str:
    return f" by {record.by_name or record.by}" if record else ""


def steps(view: EscalationView, book: Book, now: datetime) -> list[Step]:
    """The whole ladder: who has been told, who is told next and when, and who is spared."""
    raised = view.escalation
    told = {each.role: each.at for each in view.told}
    planned = {rung.role: rung.at for rung in view.ladder}
    shown: list[Step] = []
    for role in book.rules.rungs:
        name = words.begin(packs.label(role))
        if role in told:
            line, state = f"Told {words.moment(told[role], now)}", "told"
        elif not raised.is_open:
            line, state = "Not told: a decision was recorded first", "spared"
        elif role in planned and all(step.state == "told" for step in shown):
            line, state = f"To be told {words.moment(planned[role], now)}{_unless(raised)}", "next"
        elif role in planned:
            line, state = f"Then {words.moment(planned[role], now)}", "later"
        else:
            line, state = "Not told", "later"
        shown.append(Step(role=name, words=line, state=state))
    return shown


def _unless(raised: Escalation) -> str:
    return ", unless decided by then" if raised.acknowledged_at else ", unless taken up by then"


def history(view: EscalationView, now: datetime) -> list[Happened]:
    """What happened to the escalation, oldest first."""
    raised, names = view.escalation, view.names
    lines = [Happened(at=raised.raised_at, words="What set it off happened")]
    arrived = "Reached the office and was raised"
    if raised.late:
        arrived += f", {words.duration(raised.received_at - raised.raised_at)} after it happened"
    lines.append(Happened(at=raised.received_at, words=arrived))
    lines += [Happened(at=t.at, words=f"The {packs.label(t.role)} was told") for t in view.told]
    if raised.acknowledged_at:
        by = names.get(raised.acknowledged_by or "", raised.acknowledged_by or "")
        lines.append(Happened(at=raised.acknowledged_at, words=f"Taken up by {by}"))
    for action in raised.actions:
        if action.done_at:
            by = _by(view.done.get(action.done_by or ""))
            told = f"{packs.label(action.code)}: done{by}"
            lines.append(Happened(at=action.done_at, words=told))
    if raised.decided_at:
        by = names.get(raised.decided_by or "", raised.decided_by or "")
        lines.append(Happened(at=raised.decided_at, words=f"Decided by {by}"))
    return sorted(lines, key=lambda line: line.at)
