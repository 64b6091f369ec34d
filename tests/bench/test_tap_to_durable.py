"""How long one tap takes from the draft's check to the record on disk, against a bare commit."""

from __future__ import annotations

import os
import sqlite3
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mobile.caseload import Caseload
from mobile.drafts import Drafts
from mobile.outbox import Outbox
from mobile.store import Store
from shared import packs, wire
from shared.facts import HouseholdRecorded
from tests.bench import families

# A tap at the median, in bare commits on the same disk in the same run.
ALLOWED_TIMES = 10.0


@pytest.fixture
def drafts(tmp_path: Path):
    """The drafts of a phone that holds one family, and its packs."""
    now = datetime.now(UTC)
    store = Store(tmp_path / "phone", os.urandom(32))
    outbox = Outbox(store)
    caseload = Caseload(store, outbox)
    book = packs.book()
    names = {"checklist": book.checklist.name, "rules": book.rules.name}
    who = {"user_id": "hv-1", "agency": "health_visiting"}
    store.write(lambda db: store.put_document(db, "identity", who)).result()
    caseload.put_packs(packs.documents(), names).result()
    caseload.apply(page_of_one_family(now)).result()
    yield Drafts(store, caseload, outbox)
    store.close()


def page_of_one_family(now: datetime) -> dict[str, object]:
    """What the office sends for a caseload of one."""
    family = families.household()
    recorded = HouseholdRecorded(
        id="019f93c8-3780-763d-8912-12d54e153ade",
        at=now - timedelta(days=1),
        received_at=now - timedelta(days=1),
        by="hv-1",
        agency="health_visiting",
        household=family,
    )
    event = {
        "cursor": 1,
        "received_at": recorded.received_at.isoformat(),
        "document": wire.event_to_doc(family.id, recorded),
    }
    return {
        "cursor": 1,
        "more": False,
        "households": [{"id": family.id, "name": family.name, "reference": "B-1"}],
        "events": [event],
        "escalations": [],
        "gone": [],
        "people": [{"id": "hv-1", "name": "Visitor", "role": "practitioner"}],
        "contacts": [],
        "packs": {"checklist": packs.checklist().name, "rules": packs.england().name},
        "time": now.isoformat(),
    }


def bare_commits_ms(folder: Path, times: int) -> list[float]:
    """The same disk, no program around it: one 300-byte row a commit, synchronous=FULL."""
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, sealed BLOB)")
    taken = []
    for number in range(times):
        start = time.perf_counter()
        db.execute("INSERT INTO t VALUES (?, ?)", (number, os.urandom(300)))
        taken.append((time.perf_counter() - start) * 1000)
    db.close()
    return taken


def test_tap_to_durable(figures, drafts, tmp_path: Path) -> None:
    times = 500 if figures.full else 60
    now = datetime.now(UTC)
    draft, began = drafts.start(families.household().id, now)
    began.result()
    choices = [row for row in draft.rows() if row.item.kind == "choice" and row.item.options]
    taken = []
    for number in range(times):
        row = choices[number % len(choices)]
        option = row.item.options[(number // len(choices)) % len(row.item.options)]
        start = time.perf_counter()
        draft.answer(row.item.code, option.code, now, row.about).result()
        taken.append((time.perf_counter() - start) * 1000)
    bare = statistics.median(bare_commits_ms(tmp_path, times))
    p50, p99 = statistics.median(taken), sorted(taken)[int(len(taken) * 0.99) - 1]
    figures.say("tap to durable", f"p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    figures.say("  a bare commit on the same disk", f"p50 {bare:.2f} ms: {p50 / bare:.1f} times")
    assert p50 / bare < ALLOWED_TIMES
