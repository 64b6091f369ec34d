"""What came in and could not join the record: kept as it came, until a person has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, true, update
from sqlalchemy.orm import Session

from backend import audit
from backend.caseload import Page, people_in_scope, read_place, write_place
from backend.db import insert_into
from backend.identity import Actor, new_id
from backend.problems import Invalid, NotAllowed, NotFound, Stale
from backend.tables import HeldRow, User

PREVIEW = 4_000
LONGEST_WORDS = 4_000
_WORDS = {
    "unreadable": "It could not be read.",
    "cannot_open": "It could not be opened: sealed for another office, or damaged.",
    "not_an_event": "It is not a record that this office knows.",
    "too_large": "It is larger than any record may be.",
    "does_not_fit": "Something in it does not fit this family or the checklist.",
    "conflict": "Something else had already come in under the same id; both are kept.",
    "out_of_scope": "It is about a family that the sender does not hold, or that is not known.",
    "wrong_id": "Its id is not one that a device makes.",
    "wrong_author": "It names someone else as its author.",
    "wrong_agency": "It names another agency than its author's.",
    "wrong_role": "It names another role than its author's.",
    "not_allowed": "Its author's role may not say this.",
}


@dataclass(frozen=True, kw_only=True)
class Held:
    """An item to keep, and why."""

    item: str
    sha256: str
    raw: bytes
    sealed: bool
    household: str | None
    reason: str
    detail: str
    conflict_with: str | None


@dataclass(frozen=True, kw_only=True)
class HeldItem:
    """One kept item, as a supervisor sees it; `preview` is the start of what it says, if text."""

    id: str
    item: str
    reason: str
    reason_words: str
    detail: str
    device: str | None
    user: str
    user_name: str
    household: str | None
    held_at: datetime
    conflict_with: str | None
    size: int
    sha256: str
    preview: str
    resolved_at: datetime | None
    resolved_by: str | None
    words: str


def keep(session: Session, held: Held, actor: Actor, at: datetime) -> audit.Action | None:
    """Keep an item as it came; None when the very same was kept before."""
    id = new_id(at)
    adding = insert_into(session, HeldRow).values(
        id=id,
        item=held.item,
        sha256=held.sha256,
        sender=actor.id,
        device=actor.device,
        household=held.household,
        reason=held.reason,
        detail=held.detail,
        raw=held.raw,
        sealed=held.sealed,
        conflict_with=held.conflict_with,
        held_at=at,
        words="",
    )
    kept = session.execute(adding.on_conflict_do_nothing().returning(HeldRow.id)).first()
    if kept is None:
        return None
    objects = {"held": id, "item": held.item}
    return audit.Action(actor=actor.id, device=actor.device, action="item.kept", objects=objects)


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the items whose senders this supervisor answers for."""
    if not actor.is_supervisor:
        return false()
    return HeldRow.sender.in_(select(User.id).where(people_in_scope(actor)))


def listing(
    session: Session,
    actor: Actor,
    *,
    after: str | None = None,
    limit: int = 50,
    resolved: bool = False,
) -> Page[HeldItem]:
    """Return what waits for a person (or has been dealt with), oldest first."""
    state = HeldRow.resolved_at.isnot(None) if resolved else HeldRow.resolved_at.is_(None)
    rows = session.execute(
        select(HeldRow, User.name)
        .join(User, User.id == HeldRow.sender)
        .where(in_scope(actor), state, _past(after))
        .order_by(HeldRow.held_at, HeldRow.id)
        .limit(limit + 1)
    ).all()
    items = [_item(row, name) for row, name in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return Page(items=items, next=write_place(last.held_at.isoformat(), last.id) if last else None)


def _past(after: str | None) -> ColumnElement[bool]:
    place = read_place(after, 2)
    if not place:
        return true()
    try:
        at, id = datetime.fromisoformat(str(place[0])), str(place[1])
    except ValueError:
        return true()
    if at.tzinfo is None:
        return true()
    return or_(HeldRow.held_at > at, and_(HeldRow.held_at == at, HeldRow.id > id))


def one(session: Session, actor: Actor, id: str) -> HeldItem:
    """Return one kept item; raises NotFound when it is not there or outside the scope."""
    found = session.execute(
        select(HeldRow, User.name)
        .join(User, User.id == HeldRow.sender)
        .where(HeldRow.id == id, in_scope(actor))
    ).one_or_none()
    if found is None:
        raise NotFound
    return _item(found[0], found[1])


def resolve(session: Session, actor: Actor, id: str, *, words: str, now: datetime) -> None:
    """Note that a person has looked at an item and what was done; the item itself stays."""
    item = one(session, actor, id)
    if not actor.is_supervisor:
        raise NotAllowed
    words = words.strip()
    if not words or len(words) > LONGEST_WORDS:
        raise Invalid({"words": f"Say what was done, in at most {LONGEST_WORDS} characters."})
    done = session.execute(
        update(HeldRow)
        .where(HeldRow.id == item.id, HeldRow.resolved_at.is_(None))
        .values(resolved_at=now, resolved_by=actor.id, words=words)
        .returning(HeldRow.id)
    ).scalar_one_or_none()
    if done is None:
        raise Stale("Someone else has already dealt with this.")
    resolved = audit.Action(
        actor=actor.id, action="held.resolved", objects={"held": id}, fields=["words"]
    )
    audit.append(session, now, [resolved])


def _item(row: HeldRow, user_name: str) -> HeldItem:
    return HeldItem(
        id=row.id,
        item=row.item,
        reason=row.reason,
        reason_words=_WORDS.get(row.reason, "It could not join the record."),
        detail=row.detail,
        device=row.device,
        user=row.sender,
        user_name=user_name,
        household=row.household,
        held_at=row.held_at,
        conflict_with=row.conflict_with,
        size=len(row.raw),
        sha256=row.sha256,
        preview="" if row.sealed else row.raw[:PREVIEW].decode("utf-8", "replace"),
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        words=row.words,
    )
