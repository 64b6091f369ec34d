"""Judges everything again from the events, and compares it with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend import audit, judging, readings
from backend.readings import Reading, Stored
from backend.tables import HouseholdRow, Told
from shared.packs import Book


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Something stored that is not what the events say: ids and names of columns, no values."""

    household: str
    what: str


def households(session: Session) -> list[str]:
    """Return the ids of all households, in order."""
    return list(session.execute(select(HouseholdRow.id).order_by(HouseholdRow.id)).scalars())


def again(
    session: Session, household: str, book: Book, now: datetime, *, replace: bool
) -> list[Difference]:
    """Return how a household's tables differ from its events; with `replace`, put them right."""
    row = session.execute(
        select(HouseholdRow).where(HouseholdRow.id == household).with_for_update()
    ).scalar_one()
    stored = readings.stored(session, household)
    at = row.clocks_at or row.received_at or now
    judged = judging.from_the_start(household, stored.events, stored.failed, at, book)
    reading = readings.of(judged, household, at, book)
    found = [
        Difference(household=household, what=what) for what in _differences(row, stored, reading)
    ]
    if found and replace:
        _replace(session, stored, reading, household, now)
    return found


def _differences(row: HouseholdRow, stored: Stored, reading: Reading) -> Iterator[str]:
    for column, value in reading.household.items():
        if getattr(row, column) != value:
            yield f"household.{column}"
    for changed in readings.changed(reading, stored):
        yield f"escalation {changed['id']}"
    for id in sorted(set(stored.escalations) - set(reading.escalations)):
        yield f"escalation {id} that no event sets off"
    for escalation, role, _ in sorted(stored.told ^ reading.told):
        yield f"told {role} of {escalation}"


def _replace(
    session: Session, stored: Stored, reading: Reading, household: str, now: datetime
) -> None:
    """Write what the events say. What no event sets off any more stays for a person to decide:
    judging again never closes an escalation by itself."""
    this = HouseholdRow.id == household
    session.execute(update(HouseholdRow).where(this).values(reading.household))
    wrong = {escalation for escalation, _, _ in stored.told - reading.told}
    kept = wrong & set(reading.escalations)
    session.execute(delete(Told).where(Told.escalation.in_(kept)))
    told = frozenset(each for each in stored.told if each[0] not in kept)
    rows = readings.changed(reading, stored)
    cursor = audit.take_cursors(session, len(rows)) if rows else 0
    before = readings.Stored(
        events=stored.events, failed=stored.failed, escalations=stored.escalations, told=told
    )
    readings.write(session, rows, reading, before, cursor)
    rebuilt = audit.Action(
        actor="command", action="household.rebuilt", objects={"household": household}
    )
    audit.append(session, now, [rebuilt])
