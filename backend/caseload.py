"""Who may see what: the scope is part of every query, so nothing outside it is ever read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import and_, exists, false, func, insert, literal, or_, select, true, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from backend import audit, left_open
from backend.identity import IMPORT, PRACTITIONER, Actor
from backend.left_open import LeftOpen
from backend.problems import NotFound
from backend.tables import Assignment, EscalationRow, EventRow, HouseholdRow, Team, User
from shared import wire
from shared.documents import household_from, household_to_doc
from shared.facts import Household

Item = TypeVar("Item")
_RECORD = wire.HouseholdRecordDoc()
WHOLE_PARTNERSHIP = ("head_of_service", "director")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """Some rows of a list; `next` is where the following page starts, None at the end."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who works here."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Family:
    """One row of the list of families; `gravest` is the worst level open, '' when none is;
    `left_open` is what the latest visit could not tell."""

    id: str
    name: str
    reference: str
    team: str
    team_name: str
    open_escalations: int
    gravest: str
    child_names: dict[str, str]
    left_open: list[LeftOpen]


@dataclass(frozen=True, kw_only=True)
class HouseholdView:
    """One family: its latest record, whose it is, and who holds it."""

    id: str
    name: str
    reference: str
    team: str
    team_name: str
    record: Household
    holders: list[Person]
    recorded_at: datetime | None


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on HouseholdRow that holds for the families this person may see."""
    if actor.role in WHOLE_PARTNERSHIP:
        return true()
    if actor.role == "service_manager":
        of_service = select(Team.id).where(Team.service == actor.service)
        return HouseholdRow.team.in_(of_service)
    if actor.role == "team_manager":
        return HouseholdRow.team == actor.team if actor.team else false()
    if actor.role == PRACTITIONER:
        return _held_by(actor, Assignment.ended_at.is_(None))
    return false()


def may_write(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for families this person may record for.

    Someone who held a family once may: a visit made then can arrive late, and must.
    """
    if actor.role == IMPORT:
        return true()
    if actor.role == PRACTITIONER:
        return _held_by(actor, true())
    return in_scope(actor)


def _held_by(actor: Actor, when: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(literal(1)).where(
            Assignment.household == HouseholdRow.id, Assignment.user == actor.id, when
        )
    )


def people_in_scope(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on User that holds for the people this supervisor answers for."""
    if actor.role in WHOLE_PARTNERSHIP:
        return true()
    if actor.role == "service_manager":
        return User.service == actor.service
    if actor.role == "team_manager" and actor.team:
        return User.team == actor.team
    return User.id == actor.id


def require(session: Session, actor: Actor, household_id: str) -> HouseholdRow:
    """Return a family's row; raises NotFound when it is not there or outside the scope."""
    row = session.execute(
        select(HouseholdRow).where(HouseholdRow.id == household_id, in_scope(actor))
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def household(session: Session, actor: Actor, household_id: str) -> HouseholdView:
    """Return one family; raises NotFound when it is not there or outside the scope."""
    row = require(session, actor, household_id)
    holders = session.execute(
        select(User.id, User.name, User.role)
        .join(Assignment, Assignment.user == User.id)
        .where(Assignment.household == household_id, Assignment.ended_at.is_(None))
        .order_by(User.name)
    )
    return HouseholdView(
        id=row.id,
        name=row.name,
        reference=row.reference,
        team=row.team or "",
        team_name=_team_name(session, row.team),
        record=read_record(row.id, row.record),
        holders=[Person(id=id, name=name, role=role) for id, name, role in holders],
        recorded_at=row.recorded_at,
    )


def _team_name(session: Session, team: str | None) -> str:
    return session.execute(select(Team.name).where(Team.id == team)).scalar_one_or_none() or ""


def count_left_open(session: Session, actor: Actor) -> int:
    """Return to how many families in scope the latest visit left immediate rules open."""
    open_ones = select(func.count()).where(HouseholdRow.left_open != "", in_scope(actor))
    return session.execute(open_ones).scalar_one()


def families(
    session: Session,
    actor: Actor,
    *,
    search: str = "",
    open_only: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page[Family]:
    """Return the families in scope by name, a page at a time; with `open_only` those alone whose
    latest visit left immediate rules open."""
    is_open = and_(EscalationRow.household == HouseholdRow.id, EscalationRow.open)
    count = select(func.count()).where(is_open).correlate(HouseholdRow).scalar_subquery()
    worst = (
        select(EscalationRow.level)
        .where(is_open)
        .order_by(EscalationRow.rank)
        .limit(1)
        .correlate(HouseholdRow)
        .scalar_subquery()
    )
    query = (
        select(HouseholdRow, Team.name, count, worst)
        .outerjoin(Team, Team.id == HouseholdRow.team)
        .where(in_scope(actor), _named_like(search), _past(after))
        .where(HouseholdRow.left_open != "" if open_only else true())
        .order_by(HouseholdRow.name, HouseholdRow.id)
        .limit(limit + 1)
    )
    rows = session.execute(query).all()
    items = [
        Family(
            id=row.id,
            name=row.name,
            reference=row.reference,
            team=row.team or "",
            team_name=team_name or "",
            child_names={
                child["id"]: child.get("name", "")
                for child in json.loads(row.record).get("children", ())
            },
            open_escalations=open_count,
            gravest=gravest or "",
            left_open=left_open.read(row.left_open),
        )
        for row, team_name, open_count, gravest in rows[:limit]
    ]
    last = items[-1] if len(rows) > limit else None
    return Page(items=items, next=write_place(last.name, last.id) if last else None)


def _named_like(search: str) -> ColumnElement[bool]:
    word = search.strip()
    if not word:
        return true()
    return or_(
        HouseholdRow.name.icontains(word, autoescape=True),
        HouseholdRow.reference.icontains(word, autoescape=True),
    )


def _past(after: str | None) -> ColumnElement[bool]:
    place = read_place(after, 2)
    if not place:
        return true()
    name, id = str(place[0]), str(place[1])
    return or_(HouseholdRow.name > name, and_(HouseholdRow.name == name, HouseholdRow.id > id))


def assign(session: Session, household_id: str, user_id: str, *, by: str, now: datetime) -> None:
    """Give a family to a practitioner. Its whole history takes new places in the feed, so that
    a phone that has read further than the history still gets it."""
    # The family before the feed, as everywhere: two who wait for each other would both fail.
    this = HouseholdRow.id == household_id
    session.execute(select(HouseholdRow.id).where(this).with_for_update()).one()
    place = audit.take_cursors(session, 1)
    for table in (EventRow, EscalationRow):
        ids = session.execute(
            select(table.id).where(table.household == household_id).order_by(table.cursor)
        ).scalars()
        for id in ids.all():
            moved = {"cursor": audit.take_cursors(session, 1)}
            session.execute(update(table).where(table.id == id).values(moved))
    session.execute(update(HouseholdRow).where(this).values(cursor=place))
    held = session.get(Assignment, (household_id, user_id))
    if held is None:
        values = {"household": household_id, "user": user_id, "from_at": now, "cursor": place}
        session.execute(insert(Assignment).values(values))
    else:
        held.ended_at, held.cursor = None, place
    given = audit.Action(
        actor=by, action="household.assigned", objects={"household": household_id, "user": user_id}
    )
    audit.append(session, now, [given])


def unassign(session: Session, household_id: str, user_id: str, *, by: str, now: datetime) -> None:
    """Take a family from a practitioner: her phone is told to let it go."""
    place = audit.take_cursors(session, 1)
    session.execute(
        update(Assignment)
        .where(Assignment.household == household_id, Assignment.user == user_id)
        .values(ended_at=now, cursor=place)
    )
    taken = audit.Action(
        actor=by,
        action="household.unassigned",
        objects={"household": household_id, "user": user_id},
    )
    audit.append(session, now, [taken])


def write_record(record: Household) -> bytes:
    """Return who a family is as the document that its row keeps."""
    return wire.encode(household_to_doc(record))


def read_record(household_id: str, raw: bytes) -> Household:
    """Return the household that `write_record` wrote."""
    return household_from(household_id, _RECORD.load(json.loads(raw)))


def write_place(*parts: str | int | bool) -> str:
    """Return where a list stopped, as text for the next request."""
    return json.dumps(parts, separators=(",", ":"))


def read_place(text: str | None, length: int) -> list[str | int | bool] | None:
    """Return the parts of a place; None (the first page) when there is none or it is not ours."""
    try:
        parts = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    fits = isinstance(parts, list) and len(parts) == length
    plain = fits and all(isinstance(part, str | int) and _fits(part) for part in parts)
    return parts if plain else None


def _fits(part: str | int) -> bool:
    return "\x00" not in part if isinstance(part, str) else abs(part) < 2**31
