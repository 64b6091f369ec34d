"""What a visit left open: immediate rules of which nobody can say whether they hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from shared import engine
from shared.entries import Concern, Entry
from shared.packs import Book

_log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class LeftOpen:
    """One immediate rule that a visit or report cannot tell, and the questions that would.

    `children` empty: it is about the whole family. `questions` begin with the core ones; none:
    the rule could not be run.
    """

    event: str
    at: datetime
    rule: str
    children: tuple[str, ...]
    questions: tuple[Concern, ...]


def by(case: engine.Case, event_id: str) -> list[LeftOpen]:
    """Return what an event on record left open, a rule at a time, in the order of the rules."""
    entry = case.history.by_id[event_id]
    found: dict[str, list[engine.Unknown]] = {}
    try:
        for unknown in engine.cannot_tell(case, event_id):
            found.setdefault(unknown.rule, []).append(unknown)
    except Exception as error:  # what was seen is taken in all the same; of it nothing can be told
        _log.exception("rules_failed", events=[event_id], error=type(error).__name__)
        found = {rule.id: [] for rule in case.book.rules.rules if rule.on_device}
    return [_rule(rule, same, case, entry) for rule, same in found.items()]


def latest(case: engine.Case) -> list[LeftOpen]:
    """Return what the latest completed visit left open, and each attempt since, the latest first.

    Nothing is asked at a closed door, so it takes nothing off what the visit before left open.
    """
    visits = case.history.visits
    since = next((n for n in range(len(visits) - 1, -1, -1) if visits[n].completed), 0)
    return [each for visit in reversed(visits[since:]) for each in by(case, visit.event.id)]


def _rule(rule: str, same: Sequence[engine.Unknown], case: engine.Case, entry: Entry) -> LeftOpen:
    concerned = {unknown.child for unknown in same}
    asked = {question for unknown in same for question in unknown.questions}
    return LeftOpen(
        event=entry.event.id,
        at=entry.event.at,
        rule=rule,
        children=tuple(c.id for c in case.household.children if c.id in concerned),
        questions=tuple(sorted(asked, key=lambda each: _place(each, case.book))),
    )


def _place(question: Concern, book: Book) -> tuple[bool, int, str]:
    code, about = question
    items = book.checklist.items
    return not items[code].core, list(items).index(code), about or ""


def write(left: Sequence[LeftOpen]) -> str:
    """Return what a household's row keeps: '' when nothing was left open."""
    docs = [
        {
            "event": each.event,
            "at": each.at.astimezone(UTC).isoformat(),
            "rule": each.rule,
            "children": each.children,
            "questions": each.questions,
        }
        for each in left
    ]
    return json.dumps(docs, separators=(",", ":")) if docs else ""


def read(kept: str) -> list[LeftOpen]:
    """Return what `write` wrote."""
    return [
        LeftOpen(
            event=doc["event"],
            at=datetime.fromisoformat(doc["at"]),
            rule=doc["rule"],
            children=tuple(doc["children"]),
            questions=tuple((item, about) for item, about in doc["questions"]),
        )
        for doc in json.loads(kept or "[]")
    ]
