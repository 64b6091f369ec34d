"""How many visits a second the office takes in, against the same bytes laid bare on the disk."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend import identity, intake, migrations
from backend.db import Database
from backend.identity import Actor
from shared import packs, sealing, wire
from shared.facts import HouseholdRecorded
from tests.bench import families

HOUSEHOLDS = 20
BATCH = 50
LEAST_RATIO = {1: 0.002, BATCH: 0.0005}  # guards against a slip of several times only
ANNA = Actor(
    id="anna", name="Anna", role="practitioner", agency="health_visiting", team="t", service="s"
)


class Office:
    """A SQLite office with its families, and a count of what it has received."""

    def __init__(self, folder: Path) -> None:
        self.db = Database(f"sqlite:///{folder / 'office.db'}")
        self.book = packs.book()
        self.keys = sealing.new_keypair(os.urandom(32))
        self.now = datetime.now(UTC)
        migrations.upgrade(self.db.engine)
        with self.db.writing() as session:
            identity.add_team(session, id="t", name="Team", service="s")
            identity.add_user(
                session,
                id=ANNA.id,
                name=ANNA.name,
                role=ANNA.role,
                agency=ANNA.agency,
                password="kestrel orchard lantern",
                now=self.now,
                team=ANNA.team,
                service=ANNA.service,
            )
            session.commit()
        for number in range(HOUSEHOLDS):
            self.take([self.sealed(*self.recorded(number))])

    def recorded(self, number: int) -> tuple[str, bytes]:
        """The event that opens one family's file."""
        family = replace(families.household(), id=f"family-{number}")
        at = self.now - timedelta(days=1)
        event = HouseholdRecorded(
            id=identity.new_id(at),
            at=at,
            received_at=at,
            by=ANNA.id,
            agency=ANNA.agency,
            household=family,
        )
        return event.id, wire.encode(wire.event_to_doc(family.id, event))

    def visits(self, count: int) -> list[tuple[str, bytes]]:
        """Fresh visits of 45 answers for the families in turn."""
        chance = random.Random(count)
        made = []
        for number in range(count):
            at = self.now - timedelta(minutes=count - number)
            visit = families.visit(self.book.checklist, families.household(), at, chance)
            visit = replace(visit, id=identity.new_id(at), by=ANNA.id)
            doc = wire.event_to_doc(f"family-{number % HOUSEHOLDS}", visit)
            made.append((visit.id, wire.encode(doc)))
        return made

    def sealed(self, id: str, raw: bytes) -> tuple[str, bytes]:
        """One event as the phone sends it."""
        return id, sealing.seal(self.keys.public, raw, wire.aad_of(id), os.urandom(44))

    def take(self, items: list[tuple[str, bytes]]) -> None:
        """What the API does with one request: open, read, judge, store, audit, commit."""
        private = {self.keys.key_id: self.keys.private}
        now = datetime.now(UTC)
        sent = [
            intake.read(id, sealing.open_sealed(private, box, wire.aad_of(id), 200_000), now)
            for id, box in items
        ]
        with self.db.writing() as session:
            receipts = intake.accept(session, sent, actor=ANNA, book=self.book, now=now)
            session.commit()
        states = {(r.state, r.problem) for r in receipts}
        assert states == {("stored", None)}, states


def bare_rate(folder: Path, rows: list[bytes], batch: int) -> float:
    """Rows a second that SQLite makes durable with nothing around it, so many a commit."""
    db = sqlite3.connect(folder / f"bare-{batch}.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, document BLOB)")
    start = time.perf_counter()
    for first in range(0, len(rows), batch):
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO t (document) VALUES (?)", [(r,) for r in rows[first:][:batch]])
        db.execute("COMMIT")
    taken = time.perf_counter() - start
    db.close()
    return len(rows) / taken


@pytest.mark.parametrize("batch", [1, BATCH], ids=["single", "batched"])
def test_intake(figures, tmp_path: Path, batch: int) -> None:
    office = Office(tmp_path)
    count = (500 if batch > 1 else 300) if figures.full else 100
    visits = office.visits(count)
    boxes = [office.sealed(*each) for each in visits]
    start = time.perf_counter()
    for first in range(0, count, batch):
        office.take(boxes[first : first + batch])
    rate = count / (time.perf_counter() - start)
    bare = bare_rate(tmp_path, [raw for _, raw in visits], batch)
    size = sum(len(raw) for _, raw in visits) / count / 1000
    figures.say(f"intake, {batch} a request, visits of {size:.1f} kB", f"{rate:.0f} a second")
    figures.say("  bare durable inserts of the same", f"{bare:.0f} a second: {rate / bare:.3f}")
    office.db.close()
    assert rate / bare > LEAST_RATIO[batch]
