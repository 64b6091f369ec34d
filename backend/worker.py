"""Moves clocks: raises what the passing of time raises, and climbs the ladders nobody answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend import audit, judging, readings
from backend.db import Database
from backend.judging import Judged
from backend.readings import Stored
from backend.tables import EventRow, HouseholdRow
from shared import engine
from shared.packs import Book

STEP = 20  # households a transaction
RETRY = timedelta(minutes=5)
WORKER = "worker"
_log = structlog.get_logger()


def step(session: Session, book: Book, now: datetime, limit: int = STEP) -> int:
    """Move the clocks of some households that are due, and return how many; 0 when none is.

    Several workers may run at once: on PostgreSQL each skips what another one has locked.
    """
    rows = session.execute(
        select(HouseholdRow)
        .where(HouseholdRow.next_clock_at <= now)
        .order_by(HouseholdRow.next_clock_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).scalars()
    households = rows.all()
    actions = [_move(session, row, book, now) for row in households]
    audit.append(session, now, [action for action in actions if action is not None])
    return len(households)


def _move(session: Session, row: HouseholdRow, book: Book, now: datetime) -> audit.Action | None:
    stored = readings.stored(session, row.id)
    at = max([now, *(moment for moment in (row.clocks_at, row.received_at) if moment)])

    def load() -> engine.Case:
        return readings.load(stored, row.id, row.clocks_at, book)

    case = judging.advance(load, at, row.id)
    failed = stored.failed if case else _flag(session, row.id, stored)
    failures = judging.failures(row.id, stored.events, failed, book)
    judged = Judged(case=case, failed=failed, failures=failures)
    reading = readings.of(judged, row.id, at, book)
    rows = readings.changed(reading, stored)
    values = dict(reading.household)
    if case is None:
        values["next_clock_at"] = now + RETRY
    session.execute(update(HouseholdRow).where(HouseholdRow.id == row.id).values(values))
    cursor = audit.take_cursors(session, len(rows)) if rows else 0
    readings.write(session, rows, reading, stored, cursor)
    raised = [each["id"] for each in rows if each["id"] not in stored.escalations]
    climbed = reading.told - stored.told
    if not rows and not climbed:
        return None
    objects = {"household": row.id, "raised": raised, "told": sorted({e for e, _, _ in climbed})}
    return audit.Action(actor=WORKER, action="clock.moved", objects=objects)


def _flag(session: Session, household: str, stored: Stored) -> dict[str, str]:
    """Put a household whose clocks fail in front of a person, by its latest event, once."""
    if stored.failed or not stored.events:
        return stored.failed
    latest = stored.events[-1].id
    failed = {latest: "clocks"}
    session.execute(update(EventRow).where(EventRow.id == latest).values(rules_failed="clocks"))
    return failed


def tick(db: Database, book: Book, now: Callable[[], datetime]) -> int:
    """Move every clock that is due, a few households a transaction; return how many moved."""
    moved = 0
    while True:
        with db.writing() as session:
            count = step(session, book, now())
            session.commit()
        moved += count
        if count < STEP:
            return moved


def due(session: Session, now: datetime) -> int:
    """Return how many households have clocks that should have moved by now."""
    waiting = select(func.count()).where(HouseholdRow.next_clock_at <= now)
    return session.execute(waiting).scalar_one()


def run(db: Database, book: Book, every: timedelta, stop: threading.Event) -> None:
    """Tick until told to stop. The database being away is waited out; clocks lose nothing by it,
    since each is moved as of its own due time."""
    while not stop.is_set():
        try:
            tick(db, book, lambda: datetime.now(UTC))
        except SQLAlchemyError:
            _log.exception("worker_waits")
        stop.wait(every.total_seconds())
