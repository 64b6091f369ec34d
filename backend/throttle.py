"""Slows guessing down: counts failures under a key, and says until when the key must wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.db import insert_into
from backend.problems import TooMany
from backend.tables import Throttle

FIRST_WAIT = timedelta(seconds=30)
# Also how long an attacker can keep the owner of a name out.
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


def refuse_early(session: Session, keys: Iterable[str], now: datetime) -> None:
    """Raise TooMany while any of the keys must wait."""
    until = session.execute(
        select(Throttle.until)
        .where(Throttle.key.in_(list(keys)), Throttle.until > now)
        .order_by(Throttle.until.desc())
        .limit(1)
    ).scalar_one_or_none()
    if until is not None:
        raise TooMany(until)


def count_failure(session: Session, free: Mapping[str, int], now: datetime) -> None:
    """Add one failure to each key; past its `free` tries each wait is twice the one before."""
    session.execute(delete(Throttle).where(Throttle.last_at < now - FORGOTTEN_AFTER))
    for key, tries in sorted(free.items()):
        first = insert_into(session, Throttle).values(key=key, failures=1, last_at=now)
        failures = session.execute(
            first.on_conflict_do_update(
                index_elements=["key"], set_={"failures": Throttle.failures + 1, "last_at": now}
            ).returning(Throttle.failures)
        ).scalar_one()
        if failures >= tries:
            until = now + wait_after(failures - tries)
            session.execute(update(Throttle).where(Throttle.key == key).values(until=until))


def wait_after(beyond: int) -> timedelta:
    """Return how long to wait after this many failures beyond the free ones."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(beyond, 10)))


def forget(session: Session, keys: Iterable[str]) -> None:
    """Clear the keys after a success."""
    session.execute(delete(Throttle).where(Throttle.key.in_(list(keys))))
