"""What a replay holds, in words: each event, escalation and clock, ready to be set on a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.replay_page.told import (
    ClockTold,
    EscalationTold,
    EventTold,
    EvidenceTold,
    Finding,
    History,
    RecordTold,
    Required,
    Rung,
)
from backend.replay_words import done_by, kind, known, raised_by, when
from backend.replaying import Replay
from shared import facts
from shared.because import BASIS_WORDS, BLOCKER_WORDS, answer_words, name_of
from shared.checklist import level_of, rank, worst
from shared.clocks import LONDON
from shared.english import listed, many
from shared.escalation import Escalation, Evidence, RequiredAction
from shared.facts import Event


def tell(done: Replay) -> History:
    """Everything in a replay, in words."""
    by_id = {event.id: event for event in known(done)}
    raised = raised_by(done)
    events = [
        _event(event, f"event-{number}", done, raised)
        for number, event in enumerate(sorted(by_id.values(), key=lambda each: each.at), start=1)
    ]
    told = {each.event.id: each for each in events}
    escalations = [
        _escalation(each, f"raised-{number}", done, told)
        for number, each in enumerate(done.escalations, start=1)
    ]
    return History(events, escalations)


def length(span: timedelta) -> str:
    """How long: "50 minutes", "5 hours", "3 days"; whole units, the largest that fits twice."""
    minutes = int(abs(span).total_seconds() // 60)
    for size, noun in ((24 * 60, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size:,} {noun}"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def begin(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _event(event: Event, anchor: str, done: Replay, raised: Mapping[str, list[str]]) -> EventTold:
    findings = _findings(event, done)
    telling = [each for each in findings if rank(each.level) >= rank("U")]
    late = event.received_at - event.at
    return EventTold(
        event=event,
        anchor=anchor,
        at=event.at,
        when=when(event.at),
        title=begin(_title(event, done)),
        level=worst(each.level for each in findings) if findings else "",
        who=done_by(event),
        received=f"{when(event.received_at)}, {length(late)} later" if late else "",
        assumed=done.case.assumed.get(event.id, ""),
        findings=telling,
        others=len(findings) - len(telling),
        words=event.words if isinstance(event, facts.PlanStarted) else "",
        raised=raised.get(event.id, []),
    )


def _title(event: Event, done: Replay) -> str:
    words = kind(event)
    if isinstance(event, facts.Visit):
        outcome = next(each for each in event.answers if each.item == "ACC-01")
        words += f": {answer_words(done.book.checklist, 'ACC-01', outcome.value)}"
    return words


def _findings(event: Event, done: Replay) -> list[Finding]:
    """The answers of a visit or report, the gravest first."""
    if not isinstance(event, facts.Visit | facts.Report):
        return []
    checklist, household = done.book.checklist, done.case.household
    found = []
    for answer in event.answers:
        about = f" about {name_of(answer.about, household)}" if answer.about else ""
        words = answer_words(checklist, answer.item, answer.value)
        found.append(
            Finding(
                level=level_of(checklist.items[answer.item], answer.value),
                words=f"{words} ({answer.item}){about}",
                basis=BASIS_WORDS[answer.basis],
                note=answer.note,
            )
        )
    return sorted(found, key=lambda each: -rank(each.level))


def _escalation(
    raised: Escalation, anchor: str, done: Replay, events: Mapping[str, EventTold]
) -> EscalationTold:
    household = done.case.household
    clocks = [_clock(action, done, events) for action in raised.actions]
    late = raised.received_at - raised.raised_at
    return EscalationTold(
        anchor=anchor,
        raised=raised,
        when=when(raised.raised_at),
        children=listed([name_of(child, household) for child in raised.children]),
        late=f"{when(raised.received_at)}, {length(late)} later" if raised.late else "",
        rests_on_assumed=any(events[each.event].assumed for each in raised.evidence),
        evidence=[_evidence(each, done, events) for each in raised.evidence],
        records=_records(raised, events),
        blockers=_blockers(raised, done),
        clocks=clocks,
        required=_required(clocks),
        told=[
            Rung(role=done.book.rules.label(rung.role), at=rung.at, when=when(rung.at))
            for rung in done.told[raised.id]
        ],
        answers=list(_answers(raised)),
    )


def _evidence(each: Evidence, done: Replay, events: Mapping[str, EventTold]) -> EvidenceTold:
    event = events[each.event]
    if each.item:
        about = f" about {name_of(each.about, done.case.household)}" if each.about else ""
        said = answer_words(done.book.checklist, each.item, each.answer)
        if each.answer is None:
            said = f"Not answered: {done.book.checklist.items[each.item].question}"
        words = f"{said} ({each.item}){about}"
    elif each.action:
        words = f"“{done.book.rules.label(each.action)}” was asked for by what was recorded then"
    else:
        words = event.title
    basis = BASIS_WORDS.get(each.basis, "")
    return EvidenceTold(
        level=each.level,
        words=words,
        source=begin(", ".join(part for part in (basis, event.who, event.when) if part)),
        note=each.note,
        assumed=bool(event.assumed),
    )


def _records(raised: Escalation, events: Mapping[str, EventTold]) -> list[RecordTold]:
    items: dict[str, list[str]] = {}
    for each in raised.evidence:
        items.setdefault(each.event, []).append(each.item or "")
    return [
        RecordTold(
            anchor=events[event].anchor,
            words=", ".join(part for part in (events[event].when, events[event].who) if part),
            items=", ".join(dict.fromkeys(item for item in codes if item)),
            assumed=bool(events[event].assumed),
        )
        for event, codes in items.items()
    ]


def _required(clocks: Sequence[ClockTold]) -> list[Required]:
    together: dict[tuple[str, str], list[ClockTold]] = {}
    for each in clocks:
        together.setdefault((each.action, each.who), []).append(each)
    return [
        Required(action=action, who=who, clocks=same) for (action, who), same in together.items()
    ]


def _blockers(raised: Escalation, done: Replay) -> list[tuple[str, list[str]]]:
    """What stands against a request, by kind: "7 concerns still open", and each of them."""
    kinds: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for each in raised.blockers:
        kinds[each["kind"]].append(_blocker(each, done))
    return [(many(len(each), *BLOCKER_WORDS[kind]), _joined(each)) for kind, each in kinds.items()]


def _joined(blockers: Sequence[tuple[str, str]]) -> list[str]:
    """Each thing once, with the moments at which it stands."""
    moments: dict[str, list[str]] = defaultdict(list)
    for words, moment in blockers:
        moments[words].append(moment)
    return [words + ", ".join(dict.fromkeys(at)) for words, at in moments.items()]


def _blocker(blocker: Mapping[str, Any], done: Replay) -> tuple[str, str]:
    """One thing that stands against a request, and since or by when, if that is said."""
    checklist, household = done.book.checklist, done.case.household
    person = blocker.get("about") or blocker.get("child")
    about = f" ({name_of(person, household)})" if person else ""
    at = blocker.get("since") or blocker.get("due_at")
    moment = when(datetime.fromisoformat(at)) if at else ""
    match blocker["kind"]:
        case "open_concern":
            answer = blocker["answer"]
            value = tuple(answer) if isinstance(answer, list) else answer
            return f"{answer_words(checklist, blocker['item'], value)}{about}, since ", moment
        case "action_not_done":
            return f"{done.book.rules.label(blocker['action'])}{', due ' * bool(at)}", moment
        case "could_not_check" if blocker.get("item"):
            return f"{checklist.items[blocker['item']].question}{about}", ""
        case "could_not_check":
            return "No visit was ever completed, so nothing was checked", ""
        case "disagreement":
            return str(blocker.get("reason") or blocker.get("agency") or "Disagreement"), ""
    return f"{name_of(person, household)}, had to be seen by ", moment


def _clock(action: RequiredAction, done: Replay, events: Mapping[str, EventTold]) -> ClockTold:
    label = done.book.rules.label
    due = f"by {when(action.due_at)}" if action.due_at else f"before {label(action.before)}"
    if action.done_at is None:
        past = action.by_when < done.until
        state = "overdue" if past else "running"
        overdue = f"not done, {length(done.until - action.by_when)} overdue"
        outcome = overdue if past else "not yet done, nor due"
    else:
        state = "done" if action.done_in_time else "late"
        record = events.get(action.done_by or "")
        by = f" by {record.event.by}" if record and record.event.by else ""
        late = f", {length(action.done_at - action.by_when)} late"
        outcome = f"done {when(action.done_at)}{by}{late * (state == 'late')}"
    return ClockTold(
        action=label(action.code),
        who=label(action.who),
        required_at=action.required_at,
        due_at=action.due_at,
        done_at=action.done_at,
        due=due,
        state=state,
        outcome=outcome,
    )


def _answers(raised: Escalation) -> list[str]:
    said = []
    if raised.acknowledged_at:
        by = f" by {raised.acknowledged_by}" if raised.acknowledged_by else ""
        said.append(f"Acknowledged {when(raised.acknowledged_at)}{by}.")
    if raised.decided_at:
        by = f" by {raised.decided_by}" if raised.decided_by else ""
        said.append(f"Decided {when(raised.decided_at)}{by}: {raised.decision_reason}")
    return said


def iso(at: datetime) -> str:
    """A moment for a `datetime` attribute, by the London clock."""
    return at.astimezone(LONDON).isoformat(timespec="minutes")
