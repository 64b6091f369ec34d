"""What a phone pulls: the changes to its caseload after a place, in the order of commits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, literal, select, union_all
from sqlalchemy.orm import Session

from backend.caseload import in_scope
from backend.identity import Actor
from backend.tables import Assignment, EscalationRow, EventRow, Head, HouseholdRow, User

PAGE = 200
_EVENT, _ESCALATION, _HOUSEHOLD, _ASSIGNMENT = range(4)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """One page. `cursor` is where to go on from; `gone` are families no longer this person's."""

    cursor: int
    more: bool
    households: list[dict[str, Any]]
    events: list[dict[str, Any]]
    escalations: list[dict[str, Any]]
    gone: list[str]


def after(session: Session, actor: Actor, cursor: int, limit: int = PAGE) -> Changes:
    """Return the changes to the actor's caseload after `cursor`.

    Places are given in the order of commits, so a page never skips one that is written later.
    A place may be given anew (a changed escalation, a family handed over): it then comes again.
    """
    query = _places(actor, cursor).limit(limit + 1)
    places = session.execute(query).all()
    page = places[:limit]
    ids: dict[int, list[str]] = {kind: [] for kind in range(4)}
    for _, kind, id in page:
        ids[kind].append(id)
    return Changes(
        cursor=page[-1].place if page else cursor,
        more=len(places) > limit,
        households=_households(session, ids[_HOUSEHOLD]),
        events=_events(session, ids[_EVENT]),
        escalations=_escalations(session, ids[_ESCALATION]),
        gone=ids[_ASSIGNMENT],
    )


def _places(actor: Actor, cursor: int) -> Select[int, int, str]:
    """Return a query for (place, kind, id) of every change after a place, in order."""
    mine = select(HouseholdRow.id).where(in_scope(actor))

    def of(
        kind: int, table: type[Any], id: Any, *where: ColumnElement[bool]
    ) -> Select[int, int, str]:
        columns = (table.cursor.label("place"), literal(kind).label("kind"), id.label("id"))
        return select(*columns).where(table.cursor > cursor, *where)

    taken = (Assignment.user == actor.id, Assignment.ended_at.isnot(None))
    all_of_them: CompoundSelect[int, int, str] = union_all(
        of(_EVENT, EventRow, EventRow.id, EventRow.household.in_(mine)),
        of(_ESCALATION, EscalationRow, EscalationRow.id, EscalationRow.household.in_(mine)),
        of(_HOUSEHOLD, HouseholdRow, HouseholdRow.id, in_scope(actor)),
        of(_ASSIGNMENT, Assignment, Assignment.household, *taken),
    )
    found = all_of_them.subquery()
    return select(found.c.place, found.c.kind, found.c.id).order_by(found.c.place)


def _households(session: Session, ids: Sequence[str]) -> list[dict[str, Any]]:
    columns = (HouseholdRow.id, HouseholdRow.reference, HouseholdRow.record)
    rows = session.execute(select(*columns).where(HouseholdRow.id.in_(ids)))
    return [
        {"id": row.id, "reference": row.reference, "name": "", **json.loads(row.record)}
        for row in rows.all()
    ]


def _events(session: Session, ids: Sequence[str]) -> list[dict[str, Any]]:
    columns = (EventRow.cursor, EventRow.document, EventRow.received_at)
    query = select(*columns).where(EventRow.id.in_(ids)).order_by(EventRow.cursor)
    return [
        {
            "cursor": row.cursor,
            "document": json.loads(row.document),
            "received_at": row.received_at,
        }
        for row in session.execute(query)
    ]


def _escalations(session: Session, ids: Sequence[str]) -> list[dict[str, Any]]:
    columns = (EscalationRow.household, EscalationRow.document)
    query = select(*columns).where(EscalationRow.id.in_(ids)).order_by(EscalationRow.cursor)
    return [
        {"household": row.household, **json.loads(row.document)} for row in session.execute(query)
    ]


def people(session: Session, actor: Actor) -> list[dict[str, str]]:
    """Return the colleagues whose names a phone shows: those of the actor's service."""
    rows = session.execute(
        select(User.id, User.name, User.role)
        .where(User.service == actor.service, User.disabled_at.is_(None))
        .order_by(User.id)
    )
    return [{"id": row.id, "name": row.name, "role": row.role} for row in rows]


def epoch(session: Session) -> str:
    """Return the id of this life of the database; another one means it was restored."""
    return session.execute(select(Head.epoch)).scalar_one()
