"""An escalation on record: what fired, on what evidence, what it requires, who answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

_NO_DATE_YET = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Evidence:
    """One thing that made a rule fire: an answer, or (with no item) an event itself.

    Never changed once made; not frozen only because that takes three times as long to make.
    """

    event: str
    at: datetime
    by: str = ""
    agency: str = ""
    item: str | None = None
    answer: str | tuple[str, ...] | float | None = None
    about: str | None = None
    level: str = ""
    basis: str = ""
    note: str = ""
    action: str | None = None

    @property
    def key(self) -> tuple[str, str | None, str | None, str | None]:
        """What makes it the same piece of evidence."""
        return (self.event, self.item, self.about, self.action)


@dataclass(slots=True, kw_only=True)
class RequiredAction:
    """One thing to be done, by whom, by when; `known_at` is when the office could first know.

    `due_at` is None while `before`, what it must be done before, has no date yet.
    """

    code: str
    who: str
    due_at: datetime | None
    required_by: str
    required_at: datetime
    known_at: datetime
    done_by_deciding: bool = False
    before: str = ""
    done_at: datetime | None = None
    done_by: str | None = None

    @property
    def key(self) -> tuple[str, str, datetime | None]:
        """What makes it the same demand: the action, the event that asks, the due time."""
        return (self.code, self.required_by, self.due_at)

    @property
    def by_when(self) -> datetime:
        """When it is due, for sorting: what has no date yet comes after all that has."""
        return self.due_at or _NO_DATE_YET

    @property
    def done_in_time(self) -> bool:
        """Whether it is on record as done by its due time."""
        if self.done_at is None:
            return False
        return self.due_at is None or self.done_at <= self.due_at


@dataclass(slots=True, kw_only=True)
class Escalation:
    """A concern on record, waiting for a person: a reading of events, never edited by hand.

    `acknowledged_at` and `decided_at` are when it was done; the `_received_at` beside each is when
    the office knew, which is what stops the ladder. `subject` is set on what time alone raised.
    `runs` are the counts and runs that were met, in words.
    """

    id: str
    rule: str
    rule_name: str
    level: str
    children: tuple[str, ...]
    raised_at: datetime
    received_at: datetime
    because: str
    pack: str
    ladder_row: int
    evidence: list[Evidence] = field(default_factory=list)
    actions: list[RequiredAction] = field(default_factory=list)
    blockers: list[dict[str, Any]] = field(default_factory=list)
    runs: tuple[str, ...] = ()
    late: bool = False
    subject: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_received_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_received_at: datetime | None = None
    decision_reason: str = ""

    @property
    def is_open(self) -> bool:
        """Open until a decision; acknowledging does not close it."""
        return self.decided_at is None

    def holds(self, evidence: list[Evidence]) -> bool:
        """Whether all of this evidence is already on it."""
        keys = {held.key for held in self.evidence}
        return all(new.key in keys for new in evidence)

    def to_doc(self) -> dict[str, Any]:
        """Plain data that JSON can hold; moments as ISO 8601 text."""
        doc = _doc_of(self)
        doc["evidence"] = [_doc_of(evidence) for evidence in self.evidence]
        doc["actions"] = [_doc_of(action) for action in self.actions]
        return doc


def from_doc(doc: Mapping[str, Any]) -> Escalation:
    """An escalation from what `to_doc` gave."""
    values = {key: _moment(key, value) for key, value in doc.items()}
    values["children"], values["runs"] = tuple(doc["children"]), tuple(doc.get("runs", ()))
    values["evidence"] = [
        Evidence(**{k: _answer(_moment(k, v)) for k, v in each.items()}) for each in doc["evidence"]
    ]
    values["actions"] = [
        RequiredAction(**{k: _moment(k, v) for k, v in each.items()}) for each in doc["actions"]
    ]
    return Escalation(**values)


def escalation_id(*parts: str) -> str:
    """The same id whenever the same history is judged: 32 hex digits of SHA-256."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _doc_of(record: Escalation | Evidence | RequiredAction) -> dict[str, Any]:
    """The record's fields by name; `dataclasses.asdict` copies deeply, which intake would feel."""
    return {name: _plain(getattr(record, name)) for name in record.__slots__}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _moment(key: str, value: Any) -> Any:
    is_moment = key == "at" or key.endswith("_at")
    return datetime.fromisoformat(value) if is_moment and value is not None else value


def _answer(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
