"""Writes what the rules read from a household's events into the tables that people query."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend import judging, left_open
from backend.caseload import write_record
from backend.db import insert_into
from backend.judging import RULES_FAILED, Judged
from backend.tables import EscalationRow, EventRow, Told
from shared import documents, engine, wire
from shared.escalation import Escalation
from shared.facts import Event, Household
from shared.packs import Book

LARGEST_DOCUMENT = 256_000
NO_DUE_TIME = datetime(9000, 1, 1, tzinfo=UTC)
_RANKS = {"I": 1, "S": 2, "L": 3}
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What a household's tables hold: its events in order, and the reading of them."""

    events: list[Event]
    failed: dict[str, str]
    escalations: Mapping[str, Row]
    told: frozenset[tuple[str, str, datetime]]


def stored(session: Session, household: str) -> Stored:
    """Return what is stored of a household."""
    events: list[Event] = []
    failed: dict[str, str] = {}
    columns = (EventRow.id, EventRow.document, EventRow.received_at, EventRow.rules_failed)
    for row in session.execute(select(*columns).where(EventRow.household == household)):
        events.append(event_of(row.document, row.received_at))
        if row.rules_failed:
            failed[row.id] = row.rules_failed
    table = EscalationRow.__table__
    raised = session.execute(select(table).where(EscalationRow.household == household)).mappings()
    escalations = {row["id"]: dict(row) for row in raised}
    told = session.execute(
        select(Told.escalation, Told.role, Told.at).where(Told.escalation.in_(escalations))
    )
    return Stored(
        events=judging.in_order(events),
        failed=failed,
        escalations=escalations,
        told=frozenset((row.escalation, row.role, row.at) for row in told),
    )


def event_of(document: bytes, received_at: datetime) -> Event:
    """Return the event that a stored document describes, as the rules see it."""
    event = documents.read_back(orjson.loads(document), received_at)
    return judging.no_later_than_received(event)


def load(held: Stored, household: str, clocks_at: datetime | None, book: Book) -> engine.Case:
    """Return the case as it stands."""
    judged = [event for event in held.events if event.id not in held.failed]
    docs = [
        json.loads(row["document"])
        for row in held.escalations.values()
        if row["rule"] != RULES_FAILED
    ]
    docs.sort(key=lambda doc: (doc["received_at"], doc["raised_at"], doc["rule"], doc["id"]))
    return engine.load(Household(id=household), book, judged, docs, clocks_at)


def history(held: Stored, household: Household, book: Book) -> engine.Case:
    """Return the case with its events alone, for pages that look into it: no clocks, no findings.

    What the rules failed on is not in it.
    """
    case = engine.Case(household, book)
    for event in held.events:
        if event.id not in held.failed:
            case.history.add(event)
    return case


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the tables should hold; the cursor and version of a row are the writer's."""

    household: Row
    escalations: Mapping[str, Row]
    told: frozenset[tuple[str, str, datetime]]


def of(judged: Judged, household: str, now: datetime, book: Book) -> Reading:
    """Return what the tables should hold for a household judged up to `now`."""
    rungs = {each.id: judging.told(each, book, now) for each in judged.escalations}
    told = ((id, rung.role, rung.at.astimezone(UTC)) for id, each in rungs.items() for rung in each)
    return Reading(
        household=_household(judged, now, book),
        escalations={
            each.id: _escalation(each, household, rungs[each.id][-1].role)
            for each in judged.escalations
        },
        told=frozenset(told),
    )


def _household(judged: Judged, now: datetime, book: Book) -> Row:
    row: Row = {"next_clock_at": _utc(judging.next_clock(judged, book, now))}
    if judged.case is not None:
        record = judged.case.household
        row |= {"name": record.name, "record": write_record(record), "clocks_at": _utc(now)}
        row["left_open"] = left_open.write(left_open.latest(judged.case))
    return row


def _escalation(each: Escalation, household: str, rung: str) -> Row:
    undone = [a.due_at for a in each.actions if a.done_at is None and a.due_at is not None]
    failed = each.rule == RULES_FAILED
    return {
        "id": each.id,
        "household": household,
        "rule": each.rule,
        "level": each.level,
        "rank": 0 if failed else _RANKS.get(each.level, 4),
        "open": each.is_open,
        "raised_at": _utc(each.raised_at),
        "received_at": _utc(each.received_at),
        "acknowledged_at": _utc(each.acknowledged_at),
        "decided_at": _utc(each.decided_at),
        "next_due": _utc(min(undone, default=NO_DUE_TIME)),
        "rung": rung,
        "document": wire.encode(each.to_doc()),
    }


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def changed(reading: Reading, held: Stored) -> list[Row]:
    """Return the escalations that are not stored as they should be, in a steady order."""
    rows = [
        row
        for id, row in reading.escalations.items()
        if id not in held.escalations
        or any(held.escalations[id][name] != value for name, value in row.items())
    ]
    return sorted(rows, key=lambda row: (row["received_at"], row["raised_at"], row["id"]))


def write(
    session: Session, rows: Sequence[Row], reading: Reading, held: Stored, cursor: int
) -> None:
    """Write changed escalations from place `cursor` of the feed on, and who has been told."""
    if rows:
        versions = {id: row["version"] for id, row in held.escalations.items()}
        full = [
            row | {"cursor": cursor + offset, "version": versions.get(row["id"], 0) + 1}
            for offset, row in enumerate(rows)
        ]
        adding = insert_into(session, EscalationRow)
        keep = {name: adding.excluded[name] for name in full[0] if name != "id"}
        session.execute(adding.on_conflict_do_update(index_elements=["id"], set_=keep), full)
    fresh = sorted(reading.told - held.told)
    if fresh:
        names = ("escalation", "role", "at")
        session.execute(insert(Told), [dict(zip(names, each, strict=True)) for each in fresh])
