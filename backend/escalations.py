"""The queue that supervisors work from, and the two answers they give: taken up, and decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from backend import held, intake, left_open
from backend.caseload import Page, in_scope, read_place, read_record, require, write_place
from backend.fitting import may_decide
from backend.identity import Actor, new_id
from backend.judging import RULES_FAILED
from backend.problems import Invalid, NotAllowed, NotFound, Problem, Stale
from backend.readings import NO_DUE_TIME
from backend.shown import Counts as Counts
from backend.shown import Done as Done
from backend.shown import EscalationView as EscalationView
from backend.shown import QueueItem as QueueItem
from backend.shown import ToldRole as ToldRole
from backend.tables import EscalationRow, EventRow, HeldRow, HouseholdRow, Told, User
from shared import packs
from shared.escalation import Escalation, from_doc
from shared.facts import Acknowledged, Decision, Event
from shared.ladder import climb
from shared.packs import Book

LONGEST_REASON = 4_000
STATES = ("open", "waiting", "acknowledged", "decided", "all")


Found = Row[EscalationRow, HouseholdRow]


def queue(
    session: Session,
    actor: Actor,
    *,
    state: str = "open",
    level: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[QueueItem]:
    """Return escalations in scope, gravest first, and of those the one longest overdue first.

    What the rules failed on comes before everything.
    """
    query = _all(actor).where(_in_state(state), _past(after))
    if level:
        query = query.where(EscalationRow.level == level)
    order = (EscalationRow.rank, EscalationRow.next_due, EscalationRow.id)
    rows = session.execute(query.order_by(*order).limit(limit + 1)).all()
    items = _items(session, rows[:limit])
    last = rows[limit - 1][0] if len(rows) > limit else None
    place = write_place(last.rank, last.next_due.isoformat(), last.id) if last else None
    return Page(items=items, next=place)


def _all(actor: Actor) -> Select[EscalationRow, HouseholdRow]:
    return (
        select(EscalationRow, HouseholdRow)
        .join(HouseholdRow, HouseholdRow.id == EscalationRow.household)
        .where(in_scope(actor))
    )


def _in_state(state: str) -> ColumnElement[bool]:
    unanswered = EscalationRow.acknowledged_at.is_(None)
    return {
        "waiting": and_(EscalationRow.open, unanswered),
        "acknowledged": and_(EscalationRow.open, EscalationRow.acknowledged_at.isnot(None)),
        "decided": EscalationRow.open.is_(False),
        "all": true(),
    }.get(state, EscalationRow.open.is_(True))


def _past(after: str | None) -> ColumnElement[bool]:
    place = read_place(after, 3)
    if not place or not isinstance(place[0], int):
        return true()
    try:
        due = datetime.fromisoformat(str(place[1]))
    except ValueError:
        return true()
    if due.tzinfo is None:
        return true()
    row = EscalationRow
    return or_(
        row.rank > place[0],
        and_(row.rank == place[0], row.next_due > due),
        and_(row.rank == place[0], row.next_due == due, row.id > str(place[2])),
    )


def of_household(session: Session, actor: Actor, household: str) -> list[QueueItem]:
    """Return a family's escalations, open ones first; raises NotFound outside the scope."""
    require(session, actor, household)
    query = _all(actor).where(EscalationRow.household == household)
    order = (EscalationRow.open.desc(), EscalationRow.rank, EscalationRow.next_due)
    return _items(session, session.execute(query.order_by(*order, EscalationRow.id)).all())


def counts(session: Session, actor: Actor, now: datetime) -> Counts:
    """Return how many escalations in scope are open, overdue, waiting, and so on."""
    row, waits = EscalationRow, EscalationRow.acknowledged_at.is_(None)
    total = session.execute(
        select(
            func.count(),
            func.count().filter(row.next_due < now),
            func.count().filter(waits),
            func.count().filter(row.rank == 0),
        )
        .join(HouseholdRow, HouseholdRow.id == row.household)
        .where(in_scope(actor), row.open)
    ).one()
    levels = session.execute(
        select(row.level, func.count())
        .join(HouseholdRow, HouseholdRow.id == row.household)
        .where(in_scope(actor), row.open)
        .group_by(row.level)
    )
    kept = select(func.count()).where(HeldRow.resolved_at.is_(None), held.in_scope(actor))
    return Counts(
        open=total[0],
        overdue=total[1],
        unacknowledged=total[2],
        acknowledged=total[0] - total[2],
        failed=total[3],
        held=session.execute(kept).scalar_one(),
        by_level={level: count for level, count in levels},
    )


def one(
    session: Session, actor: Actor, escalation_id: str, *, book: Book | None = None
) -> EscalationView:
    """Return one escalation; raises NotFound when it is not there or outside the scope."""
    book = book or packs.book()
    found = session.execute(_all(actor).where(EscalationRow.id == escalation_id)).one_or_none()
    if found is None:
        raise NotFound
    row, household = found
    escalation = from_doc(json.loads(row.document))
    told = session.execute(
        select(Told.role, Told.at).where(Told.escalation == row.id).order_by(Told.at)
    )
    names = _names(session, _people(escalation))
    why_not = _why_not(actor, escalation, book)
    return EscalationView(
        item=_item(row, household, escalation, names),
        escalation=escalation,
        household_record=read_record(household.id, household.record),
        ladder=list(climb(escalation, book.rules, book.holidays)),
        told=[ToldRole(role=role, at=at) for role, at in told],
        names=names,
        done=_done(session, escalation),
        may_acknowledge=_may_acknowledge(actor, escalation),
        may_decide=not why_not,
        why_not=why_not,
    )


def _done(session: Session, escalation: Escalation) -> dict[str, Done]:
    """Return what was recorded of the actions that are done, by the event that says so."""
    events = {action.done_by for action in escalation.actions if action.done_by}
    rows = session.execute(
        select(EventRow.id, EventRow.at, EventRow.by, EventRow.document, User.name)
        .outerjoin(User, User.id == EventRow.by)
        .where(EventRow.id.in_(events))
    )
    told = {}
    for id, at, by, document, name in rows:
        doc = json.loads(document)
        words = {key: str(doc.get(key, "")) for key in ("reference", "outcome", "note")}
        told[id] = Done(at=at, by=by, by_name=name or by, **words)
    return told


def _may_acknowledge(actor: Actor, escalation: Escalation) -> bool:
    return actor.is_supervisor and escalation.is_open and escalation.acknowledged_at is None


def _why_not(actor: Actor, escalation: Escalation, book: Book) -> str:
    if not escalation.is_open:
        return "This has been decided."
    if not actor.is_supervisor:
        return "Only a supervisor may answer this."
    if not may_decide(escalation.rule, actor, book):
        roles = book.rules.rule(escalation.rule).decided_by or ()
        return f"Only a {' or '.join(map(book.rules.label, roles))} may decide this."
    return ""


def acknowledge(
    session: Session, actor: Actor, escalation_id: str, *, version: int, book: Book, now: datetime
) -> intake.Receipt:
    """Take an escalation up, as an event; raises NotFound, NotAllowed or Stale."""
    view = _current(session, actor, escalation_id, version, book)
    if not view.may_acknowledge:
        raise NotAllowed(view.why_not or "This has been taken up already.")
    event = Acknowledged(
        id=new_id(now),
        at=now,
        received_at=now,
        by=actor.id,
        agency=actor.agency,
        rule=view.escalation.rule,
        on=_named_by(session, view),
        role=actor.role,
    )
    return _record(session, actor, view, event, book, now)


def decide(
    session: Session,
    actor: Actor,
    escalation_id: str,
    *,
    version: int,
    reason: str,
    book: Book,
    now: datetime,
) -> intake.Receipt:
    """Record a decision and its reason; raises NotFound, NotAllowed, Invalid or Stale."""
    view = _current(session, actor, escalation_id, version, book)
    if not view.may_decide:
        raise NotAllowed(view.why_not)
    event = Decision(
        id=new_id(now),
        at=now,
        received_at=now,
        by=actor.id,
        agency=actor.agency,
        kind="decide",
        role=actor.role,
        reason=_checked(reason),
        rule=view.escalation.rule,
        on=_named_by(session, view),
    )
    return _record(session, actor, view, event, book, now)


def _current(
    session: Session, actor: Actor, escalation_id: str, version: int, book: Book
) -> EscalationView:
    view = one(session, actor, escalation_id, book=book)
    # Held until the commit, so that of two people who answer at once the second is told.
    locked = session.execute(
        select(HouseholdRow.id).where(HouseholdRow.id == view.item.household).with_for_update()
    )
    locked.one()
    version_now = session.execute(
        select(EscalationRow.version).where(EscalationRow.id == escalation_id)
    ).scalar_one()
    if not view.item.version == version_now == version:
        raise Stale("Read what is new, then answer again.")
    return view


def _checked(reason: str) -> str:
    reason = reason.replace("\r\n", "\n").strip()
    if not reason:
        raise Invalid({"reason": "Give the reason for your decision."})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"The reason can be at most {LONGEST_REASON} characters."})
    return reason


def _named_by(session: Session, view: EscalationView) -> str:
    """Return an event of its evidence, best one that no other escalation of the rule rests on."""
    rows = session.execute(
        select(EscalationRow.document).where(
            EscalationRow.household == view.item.household,
            EscalationRow.rule == view.item.rule,
            EscalationRow.id != view.item.id,
            EscalationRow.open,
        )
    ).scalars()
    others = {evidence.event for row in rows for evidence in from_doc(json.loads(row)).evidence}
    events = [evidence.event for evidence in view.escalation.evidence]
    return next((event for event in events if event not in others), events[0])


def _record(
    session: Session,
    actor: Actor,
    view: EscalationView,
    event: Event,
    book: Book,
    now: datetime,
) -> intake.Receipt:
    receipt = intake.record(session, actor, view.item.household, event, book=book, now=now)
    if receipt.state != "stored":
        raise Problem(receipt.problem.message if receipt.problem else "")
    return receipt


def _items(session: Session, rows: Sequence[Found]) -> list[QueueItem]:
    read = [(row, household, from_doc(json.loads(row.document))) for row, household in rows]
    names = _names(session, {who for *_, escalation in read for who in _answerers(escalation)})
    return [_item(row, household, escalation, names) for row, household, escalation in read]


def _item(
    row: EscalationRow, household: HouseholdRow, escalation: Escalation, names: dict[str, str]
) -> QueueItem:
    undone = [action for action in escalation.actions if action.done_at is None]
    first = min(undone, key=lambda action: action.by_when, default=None)
    concerned = set(escalation.children)
    children = read_record(household.id, household.record).children
    return QueueItem(
        id=row.id,
        household=household.id,
        household_name=household.name,
        reference=household.reference,
        rule=row.rule,
        rule_name=escalation.rule_name,
        level=row.level,
        children=tuple(child for child in children if child.id in concerned),
        child_names={child.id: child.name for child in children},
        because=escalation.because,
        raised_at=row.raised_at,
        received_at=row.received_at,
        next_action=first.code if first else "",
        next_who=first.who if first else "",
        next_due=row.next_due if row.next_due < NO_DUE_TIME else None,
        next_before=first.before if first else "",
        rung=row.rung,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by_name=names.get(escalation.acknowledged_by or "", ""),
        decided_at=row.decided_at,
        decided_by_name=names.get(escalation.decided_by or "", ""),
        version=row.version,
        late=escalation.late,
        failed=row.rule == RULES_FAILED,
        left_open=left_open.read(household.left_open),
    )


def _answerers(escalation: Escalation) -> set[str]:
    both = (escalation.acknowledged_by, escalation.decided_by)
    return {who for who in both if who}


def _people(escalation: Escalation) -> set[str]:
    return _answerers(escalation) | {evidence.by for evidence in escalation.evidence}


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {id: name for id, name in rows}
