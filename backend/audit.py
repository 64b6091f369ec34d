"""The audit: a chain of rows, each covering the one before, in the transaction it tells of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from backend.tables import AuditRow, Head

FIRST = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Action:
    """One accepted action: ids of what it touched, and the names of fields, never their values."""

    actor: str
    action: str
    device: str | None = None
    objects: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    fields: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Broken:
    """Where the chain does not hold: the row, and what is wrong with it."""

    seq: int
    wrong: str


def take_cursors(session: Session, count: int) -> int:
    """Return the first of `count` new places in the feed.

    It locks the head until the commit, so places are given in the order of commits: whoever has
    read up to a place will never find a lower one later. Take them last.
    """
    taken = session.execute(
        update(Head).values(cursor=Head.cursor + count).returning(Head.cursor)
    ).scalar_one()
    return taken - count + 1


def append(session: Session, at: datetime, actions: Iterable[Action]) -> None:
    """Add one row an action to the chain; locks the head until the commit."""
    actions = list(actions)
    if not actions:
        return
    # An update that changes nothing takes the lock on both databases.
    seq, prev = session.execute(
        update(Head).values(audit_seq=Head.audit_seq).returning(Head.audit_seq, Head.audit_hash)
    ).one()
    rows = []
    for action in actions:
        seq += 1
        row = {
            "seq": seq,
            "at": at.astimezone(UTC),
            "actor": action.actor,
            "device": action.device,
            "action": action.action,
            "objects": _canonical(dict(action.objects)),
            "fields": _canonical(sorted(action.fields)),
            "prev": prev,
        }
        row["hash"] = prev = _hash(row)
        rows.append(row)
    session.execute(insert(AuditRow), rows)
    session.execute(update(Head).values(audit_seq=seq, audit_hash=prev))


def verify(session: Session) -> list[Broken]:
    """Return every place where the chain is broken: a row changed, missing, or cut off the end."""
    broken: list[Broken] = []
    seq, prev = 0, FIRST
    table = AuditRow.__table__
    rows = session.execute(select(table).order_by(AuditRow.seq).execution_options(yield_per=2000))
    for row in rows:
        broken += [Broken(seq=gone, wrong="missing") for gone in range(seq + 1, row.seq)]
        if row.prev != prev and not (broken and broken[-1].seq == row.seq - 1):
            broken.append(Broken(seq=row.seq, wrong="does not follow the row before"))
        if _hash_of(row) != row.hash:
            broken.append(Broken(seq=row.seq, wrong="changed"))
        seq, prev = row.seq, row.hash
    head = session.execute(select(Head.audit_seq, Head.audit_hash)).one()
    broken += [Broken(seq=gone, wrong="missing") for gone in range(seq + 1, head.audit_seq + 1)]
    if head.audit_seq == seq and head.audit_hash != prev:
        broken.append(Broken(seq=seq, wrong="is not what the head names"))
    return broken


def _hash_of(row: Row[tuple[object, ...]]) -> str:
    return _hash({name: value for name, value in row._mapping.items() if name != "hash"})


def _hash(row: Mapping[str, object]) -> str:
    return hashlib.sha256(_canonical(dict(row)).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_moment)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} has no place in an audit row")
