"""The one way in: what was sent joins the record once and whole, or is kept for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from backend import audit, caseload, held, judging, readings
from backend.db import insert_into
from backend.fitting import Unfit, unfit
from backend.identity import PRACTITIONER, Actor
from backend.judging import Judged
from backend.tables import Assignment, EventRow, HouseholdRow
from shared import engine, wire
from shared.facts import Event, Household, HouseholdRecorded
from shared.packs import Book
from shared.reading import Unreadable, read_json

_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One item as it came; `event` is None when it could not be read, and `problem` says why."""

    id: str
    raw: bytes
    sha256: str
    sealed: bool = False
    household: str = ""
    event: Event | None = None
    document: dict[str, Any] = field(default_factory=dict)
    problem: Unfit | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of one item: `state` is stored, already, conflict or kept."""

    id: str
    state: str
    sha256: str
    received_at: datetime
    problem: Unfit | None = None


def read(id: str, raw: bytes, now: datetime) -> Sent:
    """Return what an opened item says; never raises, since even the unreadable is kept.

    Needs no database, so that a large request does not hold up other writers.
    """
    sha256 = wire.content_hash(raw)
    try:
        doc = read_json(raw, limit=readings.LARGEST_DOCUMENT)
        household, event = wire.event_from_doc(doc, now)
    except Unreadable as why:
        return Sent(id=id, raw=raw, sha256=sha256, problem=Unfit("unreadable", str(why)))
    except wire.BadDocument as why:
        return Sent(id=id, raw=raw, sha256=sha256, problem=Unfit("not_an_event", str(why)))
    assert isinstance(doc, dict)  # noqa: S101 - event_from_doc accepts nothing else
    return Sent(id=id, raw=raw, sha256=sha256, household=household, event=event, document=doc)


def closed(id: str, sealed: bytes, why: str) -> Sent:
    """Return an item that could not be opened: kept as it came."""
    problem = Unfit("cannot_open", why)
    sha256 = wire.content_hash(sealed)
    return Sent(id=id, raw=sealed, sha256=sha256, sealed=True, problem=problem)


def record(
    session: Session, actor: Actor, household: str, event: Event, *, book: Book, now: datetime
) -> Receipt:
    """Take in one event that a page or a command makes; see `accept`."""
    raw = wire.encode(wire.event_to_doc(household, event))
    [receipt] = accept(session, [read(event.id, raw, now)], actor=actor, book=book, now=now)
    return receipt


def accept(
    session: Session, sent: Sequence[Sent], *, actor: Actor, book: Book, now: datetime
) -> list[Receipt]:
    """Take in one request's items, in the caller's transaction; one receipt each, in order.

    1. Lock the households concerned, making those that come into being.
    2. Tell what is new from what is here already, and from what may not or cannot join.
    3. Judge each household once, with all that came for it.
    4. Write events, readings, what is kept, and the audit; the feed's places last, since taking
       them makes every other writer wait for our commit.
    """
    request = _Request(actor=actor, book=book, now=now)
    households = _lock(session, sent, request)
    request.received_at = _after_all(households.values(), now)
    _sort_out(session, sent, households, request)
    for household in sorted(request.new):
        _judge(session, households[household], request)
    _write(session, request)
    return [request.receipts[index] for index in range(len(sent))]


@dataclass(kw_only=True)
class _Work:
    """One household's share of a request."""

    row: HouseholdRow
    events: list[tuple[Sent, Event]]
    stored: readings.Stored
    judged: Judged
    reading: readings.Reading
    rows: list[readings.Row]


@dataclass(kw_only=True)
class _Request:
    """What is known of a request while it is taken in."""

    actor: Actor
    book: Book
    now: datetime
    received_at: datetime = field(init=False)
    new: dict[str, list[tuple[Sent, Event]]] = field(default_factory=lambda: defaultdict(list))
    kept: list[tuple[Sent, Unfit, str | None]] = field(default_factory=list)
    receipts: dict[int, Receipt] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    work: list[_Work] = field(default_factory=list)


def _lock(session: Session, sent: Sequence[Sent], request: _Request) -> dict[str, HouseholdRow]:
    """Return the households of this request that the sender may write for, locked in order."""
    names = sorted({each.household for each in sent if each.event is not None})
    known = set(
        session.execute(select(HouseholdRow.id).where(HouseholdRow.id.in_(names))).scalars()
    )
    begins = {each.household for each in sent if _may_begin(each, request)}
    for name in sorted(begins - known):
        _begin(session, name, request)
    query = (
        select(HouseholdRow)
        .where(HouseholdRow.id.in_(names), caseload.may_write(request.actor))
        .order_by(HouseholdRow.id)
        .with_for_update(of=HouseholdRow)
    )
    return {row.id: row for row in session.execute(query).scalars()}


def _may_begin(each: Sent, request: _Request) -> bool:
    if not isinstance(each.event, HouseholdRecorded):
        return False
    return unfit(each.id, each.event, each.event.household, request.actor, request.book) is None


def _begin(session: Session, household: str, request: _Request) -> None:
    """Open the file of a family nobody has recorded before: it is its author's and her team's."""
    actor = request.actor
    adding = insert_into(session, HouseholdRow).values(
        id=household,
        team=actor.team,
        record=caseload.write_record(Household(id=household)),
        cursor=0,
    )
    made = session.execute(adding.on_conflict_do_nothing().returning(HouseholdRow.id)).first()
    if made is None:
        return  # another request was faster: it is that author's
    request.made.add(household)
    if actor.role == PRACTITIONER:
        values = {"household": household, "user": actor.id, "from_at": request.now, "cursor": 0}
        session.execute(insert(Assignment).values(values))


def _after_all(households: Iterable[HouseholdRow], now: datetime) -> datetime:
    """Return the time this request is received: later than all its households know of.

    So judging everything again, as received, gives the same, even after our clock stepped back.
    """
    known = (moment for row in households for moment in (row.received_at, row.clocks_at) if moment)
    return max([now, *(moment + _AN_INSTANT for moment in known)])


def _sort_out(
    session: Session,
    sent: Sequence[Sent],
    households: dict[str, HouseholdRow],
    request: _Request,
) -> None:
    ids = [each.id for each in sent if each.event is not None]
    columns = (EventRow.id, EventRow.sha256, EventRow.received_at)
    here = {
        row.id: (row.sha256, row.received_at)
        for row in session.execute(select(*columns).where(EventRow.id.in_(ids)))
    }
    records = {id: _latest_record(row, sent) for id, row in households.items()}
    for index, each in enumerate(sent):
        known = here.get(each.id) if each.event is not None else None
        if known and known[0] == each.sha256:
            request.receipts[index] = Receipt(
                id=each.id, state="already", sha256=each.sha256, received_at=known[1]
            )
            continue
        problem = each.problem or _refusal(each, known is not None, households, records, request)
        if problem is not None or each.event is None:
            _keep(index, each, problem or Unfit("unreadable", ""), known is not None, request)
            continue
        event = replace(each.event, received_at=request.received_at)
        request.new[each.household].append((each, judging.no_later_than_received(event)))
        here[each.id] = (each.sha256, request.received_at)
        request.receipts[index] = Receipt(
            id=each.id, state="stored", sha256=each.sha256, received_at=request.received_at
        )


def _latest_record(row: HouseholdRow, sent: Sequence[Sent]) -> Household:
    """Return who the family is, with what this very request says of it."""
    latest, at = caseload.read_record(row.id, row.record), row.recorded_at
    for each in sent:
        if not isinstance(each.event, HouseholdRecorded) or each.household != row.id:
            continue
        if at is None or each.event.at >= at:
            latest, at = each.event.household, each.event.at
    return latest


def _refusal(
    each: Sent,
    is_known: bool,
    households: dict[str, HouseholdRow],
    records: dict[str, Household],
    request: _Request,
) -> Unfit | None:
    if is_known:
        return Unfit("conflict", "Something else was already received under this id.")
    if each.household not in households:
        return Unfit("out_of_scope", "This family is not one that the sender holds or held.")
    assert each.event is not None  # noqa: S101 - what has no event has a problem
    return unfit(each.id, each.event, records[each.household], request.actor, request.book)


def _keep(index: int, each: Sent, problem: Unfit, is_conflict: bool, request: _Request) -> None:
    request.kept.append((each, problem, each.id if is_conflict else None))
    request.receipts[index] = Receipt(
        id=each.id,
        state="conflict" if is_conflict else "kept",
        sha256=each.sha256,
        received_at=request.received_at,
        problem=problem,
    )


def _judge(session: Session, row: HouseholdRow, request: _Request) -> None:
    """Judge a household with all that came for it."""
    book, at = request.book, request.received_at
    # In the order they are judged, which is also the order that phones get them in.
    sent = sorted(request.new[row.id], key=lambda each: judging.order(each[1]))
    events = [event for _, event in sent]
    stored = readings.stored(session, row.id)

    def load() -> engine.Case:
        return readings.load(stored, row.id, row.clocks_at, book)

    case, failed = judging.receive(load, events, at, row.id)
    failed = stored.failed | failed
    failures = judging.failures(row.id, [*stored.events, *events], failed, book)
    judged = Judged(case=case, failed=failed, failures=failures)
    reading = readings.of(judged, row.id, at, book)
    rows = readings.changed(reading, stored)
    request.work.append(
        _Work(row=row, events=sent, stored=stored, judged=judged, reading=reading, rows=rows)
    )


def _write(session: Session, request: _Request) -> None:
    actions: list[audit.Action | None] = []
    for household in request.made - set(request.new):
        _unmake(session, household)
    for work in request.work:
        _write_household(session, work, request)
        actions += [_accepted(each, work, request) for each in work.events]
    for sent, problem, conflict_with in request.kept:
        kept = _held(sent, problem, conflict_with)
        actions.append(held.keep(session, kept, request.actor, request.received_at))
    audit.append(session, request.received_at, [each for each in actions if each is not None])


def _unmake(session: Session, household: str) -> None:
    """Take back a file opened for a record that turned out to be in conflict."""
    session.execute(delete(Assignment).where(Assignment.household == household))
    session.execute(delete(HouseholdRow).where(HouseholdRow.id == household))


def _write_household(session: Session, work: _Work, request: _Request) -> None:
    place = audit.take_cursors(session, 1 + len(work.events) + len(work.rows))
    values = work.reading.household | {"received_at": request.received_at}
    records = [event for _, event in work.events if isinstance(event, HouseholdRecorded)]
    if records:
        stood = [work.row.recorded_at] if work.row.recorded_at else []
        recorded_at = max([*stood, *(event.at for event in records)])
        values |= {"cursor": place, "recorded_at": recorded_at}
    this = HouseholdRow.id == work.row.id
    session.execute(update(HouseholdRow).where(this).values(values))
    if work.row.id in request.made:
        mine = Assignment.household == work.row.id
        session.execute(update(Assignment).where(mine).values(cursor=place))
    rows = [
        _event_row(sent, event, work, request) | {"cursor": place + offset}
        for offset, (sent, event) in enumerate(work.events, start=1)
    ]
    session.execute(insert(EventRow), rows)
    after = place + 1 + len(rows)
    readings.write(session, work.rows, work.reading, work.stored, after)


def _event_row(sent: Sent, event: Event, work: _Work, request: _Request) -> readings.Row:
    return {
        "id": sent.id,
        "household": sent.household,
        "type": sent.document["type"],
        "at": event.at,
        "received_at": event.received_at,
        "by": event.by,
        "agency": event.agency,
        "device": request.actor.device,
        "sender": request.actor.id,
        "document": sent.raw,
        "sha256": sent.sha256,
        "rules_failed": work.judged.failed.get(sent.id),
    }


def _accepted(item: tuple[Sent, Event], work: _Work, request: _Request) -> audit.Action:
    sent, _ = item
    raised = [row["id"] for row in work.rows if row["id"] not in work.stored.escalations]
    return audit.Action(
        actor=request.actor.id,
        device=request.actor.device,
        action=f"{sent.document['type']}.stored",
        objects={"event": sent.id, "household": sent.household, "raised": raised},
        fields=list(sent.document),
    )


def _held(sent: Sent, problem: Unfit, conflict_with: str | None) -> held.Held:
    return held.Held(
        item=sent.id,
        sha256=sent.sha256,
        raw=sent.raw,
        sealed=sent.sealed,
        household=sent.household or None,
        reason=problem.code,
        detail=problem.message,
        conflict_with=conflict_with,
    )
