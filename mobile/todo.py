"""A required action as a line to act on: what, by whom, by when, and the number to call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mobile.caseload import Contact
from mobile.wording import due_words, moment_words
from shared import engine
from shared.escalation import RequiredAction
from shared.facts import ActionDone
from shared.rules import Pack

VISITOR = "visitor"
# Which of the office's contacts an action calls for, by a word of the contact's label; and the
# number that always answers, where the office gave none for what cannot wait.
SLOW = ("not urgent", "non-urgent", "not an emergency", "non-emergency")
CALLS: dict[str, tuple[str, Contact | None]] = {
    "call_999": ("", Contact("Emergency", "999")),
    "call_police": ("police", Contact("Police", "999")),
    "tell_manager": ("manager", None),
    "manager_talk": ("manager", None),
}


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to be done. `mine`: it falls to the practitioner; `on`: the event that asks it.

    `due_at` is far away where there is no date yet (`has_date`).
    """

    action: str
    label: str
    who: str
    who_words: str
    mine: bool
    due_at: datetime
    has_date: bool
    due_words: str
    overdue: bool
    done: bool
    done_words: str
    contact: Contact | None
    on: str


def todos(
    actions: Sequence[RequiredAction],
    case: engine.Case,
    contacts: Sequence[Contact],
    now: datetime,
) -> list[Todo]:
    """Required actions as lines: hers first, then by when they are due."""
    done_by = {
        entry.event.id: entry.event
        for entry in case.history.entries
        if isinstance(entry.event, ActionDone)
    }
    found = [_todo(action, case.book.rules, contacts, now, done_by) for action in actions]
    return sorted(found, key=lambda each: (each.done, not each.mine, each.due_at))


def _todo(
    action: RequiredAction,
    pack: Pack,
    contacts: Sequence[Contact],
    now: datetime,
    done_by: Mapping[str, ActionDone],
) -> Todo:
    done = action.done_at is not None
    return Todo(
        action=action.code,
        label=pack.label(action.code),
        who=action.who,
        who_words="you" if action.who == VISITOR else pack.label(action.who),
        mine=action.who == VISITOR,
        due_at=action.by_when,
        has_date=action.due_at is not None,
        due_words=(
            due_words(action.due_at, now)
            if action.due_at
            else f"before {pack.label(action.before)}"
        ),
        overdue=not done and now > action.by_when,
        done=done,
        done_words=_done_words(action, done_by.get(action.done_by or ""), now),
        contact=_contact(action.code, contacts),
        on=action.required_by,
    )


def _done_words(action: RequiredAction, done: ActionDone | None, now: datetime) -> str:
    """When it was done, how it went, and the reference given: "" while it is not."""
    if action.done_at is None:
        return ""
    words = f"Done {moment_words(action.done_at, now)}"
    if done is None:
        return words
    reference = f"reference {done.reference}" if done.reference else ""
    more = "; ".join(each for each in (done.outcome, reference, done.note) if each)
    return f"{words}: {more}" if more else words


def _contact(code: str, contacts: Sequence[Contact]) -> Contact | None:
    word, otherwise = CALLS.get(code, ("", None))
    named = [each for each in contacts if word and word in each.label.lower()]
    fit = [each for each in named if not any(slow in each.label.lower() for slow in SLOW)]
    return fit[0] if fit else otherwise
