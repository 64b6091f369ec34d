"""The tables: events are the truth, what the engine reads from them stands beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC: SQLite has no time zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; a moment without an offset is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without an offset must not reach the database")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """What all tables share: column types by Python type, and names for every constraint."""

    type_annotation_map: dict[Any, Any] = {datetime: Moment, bytes: LargeBinary}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


ID = String(64)
HASH = String(64)
CODE = String(40)


class Head(Table):
    """One row: where the feed and the audit chain stand. Locked last, held until the commit."""

    __tablename__ = "head"
    __table_args__ = (CheckConstraint("one = 1", name="one"),)
    one: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(ID)
    cursor: Mapped[int] = mapped_column(BigInteger)
    audit_seq: Mapped[int] = mapped_column(BigInteger)
    audit_hash: Mapped[str] = mapped_column(HASH)


class Team(Table):
    """A team, and the service it belongs to."""

    __tablename__ = "teams"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    service: Mapped[str] = mapped_column(ID, index=True)


class User(Table):
    """A person who signs in; the id is the name signed in with, and stands in events as `by`."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(CODE)
    agency: Mapped[str] = mapped_column(CODE)
    team: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    service: Mapped[str] = mapped_column(ID, default="")
    password: Mapped[str] = mapped_column(String(200))
    disabled_at: Mapped[datetime | None]


class HouseholdRow(Table):
    """A family: the reading of its latest record, whose it is, when its clocks move next, and what
    its latest visit left open."""

    __tablename__ = "households"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    reference: Mapped[str] = mapped_column(String(80), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    team: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    record: Mapped[bytes]  # the household_record as JSON
    recorded_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]  # of its latest event: the next one comes after it
    clocks_at: Mapped[datetime | None]  # how far its clocks have moved
    next_clock_at: Mapped[datetime | None] = mapped_column(index=True)
    left_open: Mapped[str] = mapped_column(Text, default="", server_default="")  # as JSON, or ""
    cursor: Mapped[int] = mapped_column(BigInteger, index=True)


class EventRow(Table):
    """One event, whole, as received; the columns beside it only help to find it."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_household_cursor", "household", "cursor"),
        Index("ix_events_household_at", "household", "at", "id"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    household: Mapped[str] = mapped_column(ForeignKey("households.id"))
    type: Mapped[str] = mapped_column(CODE)
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ID)
    agency: Mapped[str] = mapped_column(CODE)
    device: Mapped[str | None] = mapped_column(ID)
    sender: Mapped[str] = mapped_column(ID)
    document: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(HASH)
    rules_failed: Mapped[str | None] = mapped_column(String(200))
    cursor: Mapped[int] = mapped_column(BigInteger, unique=True)


class EscalationRow(Table):
    """The engine's finding, whole, and what the queue sorts and filters by."""

    __tablename__ = "escalations"
    __table_args__ = (
        Index("ix_escalations_queue", "open", "rank", "next_due", "id"),
        Index("ix_escalations_household_cursor", "household", "cursor"),
    )
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    household: Mapped[str] = mapped_column(ForeignKey("households.id"))
    rule: Mapped[str] = mapped_column(CODE)
    level: Mapped[str] = mapped_column(String(1))
    rank: Mapped[int] = mapped_column(Integer)  # 0 rules failed, 1 immediate, 2 significant, ...
    open: Mapped[bool] = mapped_column(Boolean)
    raised_at: Mapped[datetime]
    received_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    next_due: Mapped[datetime]  # of the earliest action not done; far away when there is none
    rung: Mapped[str] = mapped_column(CODE)  # the highest role told
    document: Mapped[bytes]
    version: Mapped[int] = mapped_column(Integer)  # grows with each change: guards forms
    cursor: Mapped[int] = mapped_column(BigInteger, unique=True)


class Told(Table):
    """Who has been told of an escalation, and from when. Whoever was told stays told."""

    __tablename__ = "told"
    escalation: Mapped[str] = mapped_column(ForeignKey("escalations.id"), primary_key=True)
    role: Mapped[str] = mapped_column(CODE, primary_key=True)
    at: Mapped[datetime]


class Assignment(Table):
    """A practitioner holds a family, or held it: an ended one still lets late visits in."""

    __tablename__ = "assignments"
    __table_args__ = (Index("ix_assignments_user_cursor", "user", "cursor"),)
    household: Mapped[str] = mapped_column(ForeignKey("households.id"), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    from_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    cursor: Mapped[int] = mapped_column(BigInteger)


class WebSession(Table):
    """A person signed in with a browser; only the hash of the id is kept."""

    __tablename__ = "web_sessions"
    id_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Device(Table):
    """A phone; only the hash of its token is kept."""

    __tablename__ = "devices"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(HASH, unique=True)
    enrolled_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    contact_at: Mapped[datetime | None]


class EnrolmentCode(Table):
    """A code that makes one phone this person's; used once, and soon too old."""

    __tablename__ = "enrolment_codes"
    code_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.id"))
    made_by: Mapped[str] = mapped_column(ID)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HeldRow(Table):
    """What came in and could not join the record: kept as it came, for a person to look at."""

    __tablename__ = "held_items"
    __table_args__ = (
        UniqueConstraint("item", "sha256", "sender"),
        Index("ix_held_items_open", "resolved_at", "held_at", "id"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    item: Mapped[str] = mapped_column(ID)  # the id it came under
    sha256: Mapped[str] = mapped_column(HASH)
    sender: Mapped[str] = mapped_column(ID)
    device: Mapped[str | None] = mapped_column(ID)
    household: Mapped[str | None] = mapped_column(ID)  # when it said one: not a promise
    reason: Mapped[str] = mapped_column(CODE)
    detail: Mapped[str] = mapped_column(Text)
    raw: Mapped[bytes]
    sealed: Mapped[bool] = mapped_column(Boolean)
    conflict_with: Mapped[str | None] = mapped_column(ForeignKey("events.id"))
    held_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(ID)
    words: Mapped[str] = mapped_column(Text, default="")


class AuditRow(Table):
    """One accepted action; each row's hash covers the one before. Never changed or removed."""

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(ID)
    device: Mapped[str | None] = mapped_column(ID)
    action: Mapped[str] = mapped_column(CODE)
    objects: Mapped[str] = mapped_column(Text)  # canonical JSON: kind to id
    fields: Mapped[str] = mapped_column(Text)  # canonical JSON: names of fields, never values
    prev: Mapped[str] = mapped_column(HASH)
    hash: Mapped[str] = mapped_column(HASH)


class Throttle(Table):
    """Failed tries under one key: a name, an address."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime]
    until: Mapped[datetime | None]
