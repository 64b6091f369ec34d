"""Finished events on their way to the office: each sealed to the office, with a copy to read here.

An event stays until a receipt names the very bytes that were sent; the store itself refuses
to delete it before.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mobile.store import Store
from shared import sealing, wire
from shared.facts import Event
from shared.ids import uuid7

# How long a copy stays on the phone once the office has it. A proposal, to be set locally.
KEPT_FOR = timedelta(days=14)
ITEMS = "SELECT position, row, parcel, urgent, state, sha256, sealed, status FROM outbox"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """An event ready to be put into the outbox. `parcel`: the visit that it travels with."""

    event: Event
    household: str
    parcel: str
    urgent: bool
    document: bytes
    sha256: str
    for_office: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """One event in the outbox. `reason` says in words why it needs attention."""

    position: int
    id: str
    household: str
    parcel: str
    urgent: bool
    state: str
    sha256: str
    document: dict[str, Any]
    received_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the office said of one item: the state it is in now, and why in words."""

    id: str
    state: str
    sha256: str
    received_at: datetime | None = None
    reason: str = ""


def new_id(now: datetime) -> str:
    """The id of an event made now: a UUIDv7, so that the phone names its events itself."""
    return uuid7(int(now.timestamp() * 1000), os.urandom(10))


class Outbox:
    """What waits for the office, what is safe there, and what needs attention."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def wrap(self, household: str, event: Event, *, parcel: str, urgent: bool) -> Wrapped:
        """Seal an event to the office's public key; nothing is stored yet.

        Raises wire.BadDocument where the office could not read it.
        """
        identity = self._store.document("identity")
        doc = wire.event_to_doc(household, event)
        wire.event_from_doc(doc, event.received_at)
        document = wire.encode(doc)
        return Wrapped(
            event=event,
            household=household,
            parcel=parcel,
            urgent=urgent,
            document=document,
            sha256=wire.content_hash(document),
            for_office=sealing.seal(
                bytes.fromhex(identity["office_key"]),
                document,
                wire.aad_of(event.id),
                os.urandom(sealing.RANDOM_BYTES),
            ),
        )

    def add(self, db: sqlite3.Connection, wrapped: Wrapped) -> None:
        """Put an event in, inside a job of the store. The same id a second time changes nothing."""
        row = wrapped.event.id
        db.execute(
            "INSERT INTO outbox (row, household, parcel, urgent, state, sha256, for_office, sealed)"
            " VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?) ON CONFLICT (row) DO NOTHING",
            (
                row,
                self._store.blind("household", wrapped.household),
                wrapped.parcel,
                wrapped.urgent,
                wrapped.sha256,
                wrapped.for_office,
                self._store.seal("outbox", row, wrapped.document),
            ),
        )

    def items(self) -> list[Item]:
        """Everything in the outbox, in the order it was finished."""
        rows = self._store.read(ITEMS + " ORDER BY position")
        return [self._item(row) for row in rows]

    def count(self, *states: str) -> int:
        """How many events are in one of these states."""
        rows = self._store.read(
            "SELECT count(*) FROM outbox WHERE state IN (SELECT value FROM json_each(?))",
            (json.dumps(states),),
        )
        return int(rows[0][0])

    def waiting(self) -> list[tuple[str, str, bool, int]]:
        """(id, parcel, urgent, bytes to send) of what has not been sent, oldest first.

        A call logged for a visit that is still in progress waits for that visit.
        """
        return [
            (row, parcel, bool(urgent), size)
            for row, parcel, urgent, size in self._store.read(
                "SELECT row, parcel, urgent, length(for_office) FROM outbox"
                " WHERE state = 'waiting' AND parcel NOT IN (SELECT row FROM draft)"
                " ORDER BY position"
            )
        ]

    def sealed(self, ids: Sequence[str]) -> list[tuple[str, bytes, str]]:
        """(id, sealed bytes, hash) of some items, in the order asked for."""
        rows = self._store.read(
            "SELECT row, for_office, sha256 FROM outbox"
            " WHERE row IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        found = {row[0]: (row[0], row[1], row[2]) for row in rows}
        return [found[each] for each in ids if each in found]

    def of_household(self, household: str) -> list[Item]:
        """One family's items, in the order they were finished."""
        rows = self._store.read(
            ITEMS + " WHERE household = ? ORDER BY position",
            (self._store.blind("household", household),),
        )
        return [self._item(row) for row in rows]

    def settle(self, verdicts: Sequence[Verdict], epoch: str) -> Future[int]:
        """Write down what the office said, all of it or nothing; how many became safe.

        An item is marked only if it is still what was sent.
        """

        def job(db: sqlite3.Connection) -> int:
            return sum(self._settle(db, verdict, epoch) for verdict in verdicts)

        return self._store.write(job)

    def send_again(self, id_: str) -> Future[None]:
        """Let what the office refused be sent once more."""

        def job(db: sqlite3.Connection) -> None:
            db.execute(
                "UPDATE outbox SET state = 'waiting', status = NULL"
                " WHERE row = ? AND state = 'refused'",
                (id_,),
            )

        return self._store.write(job)

    def offer_again(self, db: sqlite3.Connection) -> None:
        """Inside a job: the office lost its latest days, so what it once had is offered again."""
        db.execute("UPDATE outbox SET state = 'waiting' WHERE state = 'safe'")

    def prune(self, now: datetime) -> Future[int]:
        """Drop copies that the office has had for long enough; how many."""
        old = [
            item.id
            for item in self.items()
            if item.state == "safe" and item.received_at and item.received_at < now - KEPT_FOR
        ]

        def job(db: sqlite3.Connection) -> int:
            for row in old:
                db.execute("DELETE FROM outbox WHERE row = ? AND state = 'safe'", (row,))
            return len(old)

        return self._store.write(job)

    def _settle(self, db: sqlite3.Connection, verdict: Verdict, epoch: str) -> int:
        at = verdict.received_at.isoformat() if verdict.received_at else ""
        status = {"received_at": at, "reason": verdict.reason}
        marked = db.execute(
            "UPDATE outbox SET state = ?, status = ? WHERE row = ? AND sha256 = ?",
            (
                verdict.state,
                self._store.seal_doc("outbox", verdict.id, status, "status"),
                verdict.id,
                verdict.sha256,
            ),
        ).rowcount
        if verdict.state != "safe" or not marked:
            return 0
        db.execute(
            "INSERT INTO receipt VALUES (?, ?, ?, ?) ON CONFLICT (row, sha256)"
            " DO UPDATE SET received_at = excluded.received_at, epoch = excluded.epoch",
            (verdict.id, verdict.sha256, at, epoch),
        )
        return 1

    def _item(self, row: Any) -> Item:
        position, id_, parcel, urgent, state, sha256, sealed, status = row
        said = self._store.unseal_doc("outbox", id_, status, "status") if status else {}
        at = said.get("received_at")
        document: dict[str, Any] = json.loads(self._store.unseal("outbox", id_, sealed))
        return Item(
            position=position,
            id=id_,
            household=str(document["household"]),
            parcel=parcel,
            urgent=bool(urgent),
            state=state,
            sha256=sha256,
            document=document,
            received_at=datetime.fromisoformat(at) if at else None,
            reason=said.get("reason", ""),
        )
