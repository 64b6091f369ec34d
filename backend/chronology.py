"""A family's timeline for people: every event, newest first, with what it set off."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from backend.caseload import Page, read_place, require, write_place
from backend.identity import Actor
from backend.problems import NotFound
from backend.readings import LARGEST_DOCUMENT
from backend.tables import EscalationRow, EventRow, User
from shared import wire
from shared.facts import Event
from shared.reading import read_json


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event. `at` is when it happened, at the latest when it came in; `escalations` are the
    ids of those it is evidence for."""

    id: str
    type: str
    at: datetime
    received_at: datetime
    by: str
    by_name: str
    agency: str
    event: Event
    document: dict[str, Any]
    rules_failed: bool
    escalations: list[str]


def of(
    session: Session,
    actor: Actor,
    household: str,
    *,
    types: Collection[str] = (),
    after: str | None = None,
    limit: int = 100,
) -> Page[Entry]:
    """Return a family's events (of some types), newest first; raises NotFound outside the scope."""
    require(session, actor, household)
    wanted = EventRow.type.in_(types) if types else true()
    rows = session.execute(
        select(EventRow, User.name)
        .outerjoin(User, User.id == EventRow.by)
        .where(EventRow.household == household, wanted, _before(after))
        .order_by(EventRow.at.desc(), EventRow.id.desc())
        .limit(limit + 1)
    ).all()
    set_off = _evidence(session, household)
    items = [_entry(row, name, set_off[row.id]) for row, name in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return Page(items=items, next=write_place(last.at.isoformat(), last.id) if last else None)


def one(session: Session, actor: Actor, household: str, event_id: str) -> Entry:
    """Return one event of a family; raises NotFound when it is not there or outside the scope."""
    require(session, actor, household)
    found = session.execute(
        select(EventRow, User.name)
        .outerjoin(User, User.id == EventRow.by)
        .where(EventRow.household == household, EventRow.id == event_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, name = found
    return _entry(row, name, _evidence(session, household)[row.id])


def _before(after: str | None) -> ColumnElement[bool]:
    place = read_place(after, 2)
    if not place:
        return true()
    try:
        at, id = datetime.fromisoformat(str(place[0])), str(place[1])
    except ValueError:
        return true()
    if at.tzinfo is None:
        return true()
    return or_(EventRow.at < at, and_(EventRow.at == at, EventRow.id < id))


def _evidence(session: Session, household: str) -> defaultdict[str, list[str]]:
    """Return which escalations each event is evidence for."""
    columns = (EscalationRow.id, EscalationRow.document)
    set_off: defaultdict[str, list[str]] = defaultdict(list)
    query = select(*columns).where(EscalationRow.household == household)
    for row in session.execute(query.order_by(EscalationRow.rank, EscalationRow.id)):
        for event in dict.fromkeys(each["event"] for each in json.loads(row.document)["evidence"]):
            set_off[event].append(row.id)
    return set_off


def _entry(row: EventRow, name: str | None, escalations: list[str]) -> Entry:
    document = read_json(row.document, limit=LARGEST_DOCUMENT)
    _, event = wire.event_from_doc(document, row.received_at)
    assert isinstance(document, dict)  # noqa: S101 - what event_from_doc accepts is a dict
    return Entry(
        id=row.id,
        type=row.type,
        at=row.at,
        received_at=row.received_at,
        by=row.by,
        by_name=name or row.by,
        agency=row.agency,
        event=event,
        document=document,
        rules_failed=row.rules_failed is not None,
        escalations=escalations,
    )
