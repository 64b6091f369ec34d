"""What has been entered for one item of a visit, as it is kept and as the visit carries it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.facts import Answer

Key = tuple[str, str | None]
Value = str | tuple[str, ...] | float


@dataclass(frozen=True, slots=True)
class Given:
    """What has been entered for one item. `value` None: not answered, though perhaps noted."""

    value: Value | None = None
    basis: str = "seen"
    note: str = ""
    also: str = ""
    reason: str = ""
    saved_at: datetime | None = None

    @property
    def is_answered(self) -> bool:
        """Answered, or said to be impossible to check and why."""
        return self.value is not None or bool(self.reason)

    @property
    def is_empty(self) -> bool:
        """Nothing entered at all."""
        return not (self.is_answered or self.note or self.also)


def as_answer(key: Key, given: Given) -> Answer | None:
    """What was entered as a fact of the visit; None while there is no value."""
    if given.value is None:
        return None
    return Answer(
        item=key[0],
        about=key[1],
        value=given.value,
        basis=given.basis,
        note=given.note,
        also=given.also,
        reason=given.reason,
    )


def to_row(key: Key, given: Given) -> list[Any]:
    """What was entered, as the store keeps it."""
    value = list(given.value) if isinstance(given.value, tuple) else given.value
    at = given.saved_at.isoformat() if given.saved_at else None
    return [*key, value, given.basis, given.note, given.also, given.reason, at]


def from_row(row: Sequence[Any]) -> tuple[Key, Given]:
    """What `to_row` made, read back."""
    item, about, value, basis, note, also, reason, saved_at = row
    at = datetime.fromisoformat(saved_at) if saved_at else None
    fit = tuple(value) if isinstance(value, list) else value
    return (item, about), Given(fit, basis, note, also, reason, at)
