"""What stands against closing a case, each as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.web import answers, words
from shared import packs
from shared.facts import Household
from shared.packs import Book


def words_of(blocker: Mapping[str, Any], household: Household, book: Book, now: datetime) -> str:
    """One blocker of a request to close or step down, in words."""
    kind = blocker.get("kind", "")
    told = {
        "open_concern": _open_concern,
        "action_not_done": _action_not_done,
        "not_seen": _not_seen,
        "could_not_check": _could_not_check,
        "disagreement": _disagreement,
    }.get(kind)
    return told(blocker, household, book, now) if told else str(kind).replace("_", " ")


def _about(blocker: Mapping[str, Any], household: Household, book: Book) -> str:
    about = answers.about_words(book.checklist, household, blocker.get("about"))
    return f" ({about})" if about else ""


def _when(blocker: Mapping[str, Any], key: str, now: datetime) -> str:
    at = blocker.get(key)
    return words.moment(datetime.fromisoformat(at), now) if at else "a time not recorded"


def _open_concern(
    blocker: Mapping[str, Any], household: Household, book: Book, now: datetime
) -> str:
    seen = answers.answer_words(book.checklist, blocker["item"], blocker.get("answer"))
    about = _about(blocker, household, book)
    return f"An open concern{about}: {seen}, since {_when(blocker, 'since', now)}"


def _action_not_done(
    blocker: Mapping[str, Any], household: Household, book: Book, now: datetime
) -> str:
    action = packs.label(blocker["action"])
    due = f", due {_when(blocker, 'due_at', now)}" if blocker.get("due_at") else ""
    return f"Not done: {action}{due}"


def _not_seen(blocker: Mapping[str, Any], household: Household, book: Book, now: datetime) -> str:
    child = answers.person_name(household, blocker.get("child") or blocker.get("about"))
    due = _when(blocker, "due_at", now)
    return f"{child or 'A child on the plan'} has not been seen when the plan says: was due {due}"


def _could_not_check(
    blocker: Mapping[str, Any], household: Household, book: Book, now: datetime
) -> str:
    if not blocker.get("item"):
        return "No visit has ever been completed, so nothing has been checked"
    item = book.checklist.items.get(blocker["item"])
    question = item.question if item else blocker["item"]
    return f"Not checked on the latest visit{_about(blocker, household, book)}: {question}"


def _disagreement(
    blocker: Mapping[str, Any], household: Household, book: Book, now: datetime
) -> str:
    agency = words.agency(blocker.get("agency", ""))
    reason = blocker.get("reason", "")
    return f"{agency} disagrees" + (f": {reason}" if reason else "")
