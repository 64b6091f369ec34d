"""An escalation as a row: what a supervisor must know before opening it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from backend.escalations import QueueItem
from backend.web import left_open_words, words
from backend.web.answers import lateness, plain_because
from backend.web.left_open_words import Line
from backend.web.words import Due
from shared import packs
from shared.clocks import day_of
from shared.facts import Child
from shared.packs import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What is required next, and of whom; `before` what, while that has no date yet."""

    action: str
    who: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One escalation in the queue. `state`: waiting, acknowledged or decided."""

    url: str
    family: str
    children: str
    level: str
    rule: str
    why: str
    state: str
    state_words: str
    due: Due | None
    next: Next | None
    rung: str
    late: str
    failed: bool
    left_open: Line | None
    others: list[Others]


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """A family's further escalations of one rule, the one due first before the rest."""

    rule: str
    level: str
    rows: list[Row]


def by_family(items: list[QueueItem], now: datetime, book: Book) -> list[Row]:
    """The rows of a page, the gravest of each family first and its others under it.

    Several rules often fire on one visit: a family that fills the page with them hides the rest.
    """
    return _gathered([(item.household, row(item, now, book)) for item in items])


def by_rule(items: list[QueueItem], now: datetime, book: Book) -> list[Row]:
    """A family's rows, the first of each rule and its others under it."""
    return _gathered([(item.rule, row(item, now, book)) for item in items])


def _gathered(shown: list[tuple[str, Row]]) -> list[Row]:
    first: dict[str, Row] = {}
    for key, each in shown:
        if key in first:
            _add(first[key].others, each)
        else:
            first[key] = each
    return list(first.values())


def _add(others: list[Others], shown: Row) -> None:
    for each in others:
        if each.rule == shown.rule:
            each.rows.append(shown)
            return
    others.append(Others(rule=shown.rule, level=shown.level, rows=[shown]))


def row(item: QueueItem, now: datetime, book: Book) -> Row:
    """A queue item in words, at `now`."""
    return Row(
        url=url_for("escalation.page", escalation_id=item.id),
        family=item.household_name or item.reference or "Family without a recorded name",
        children=children_words(item.children, now),
        level=item.level,
        rule=item.rule_name,
        why=plain_because(item.rule_name, item.because),
        state=state(item),
        state_words=state_words(item, now),
        due=words.due(item.next_due, now) if item.next_due and item.next_action else None,
        next=_next(item),
        rung=words.begin(packs.label(item.rung)) if item.rung else "",
        late=lateness(item.raised_at, item.received_at) if item.late else "",
        failed=item.failed,
        left_open=left_open_words.line(item.left_open, item.household, item.child_names, book),
        others=[],
    )


def _next(item: QueueItem) -> Next | None:
    if not item.next_action:
        return None
    return Next(
        action=packs.label(item.next_action),
        who=packs.label(item.next_who),
        before=f"before {packs.label(item.next_before)}" if item.next_before else "",
    )


def children_words(children: tuple[Child, ...], now: datetime) -> str:
    """The children concerned, each with their age."""
    day = day_of(now)
    told = [f"{words.child_name(child)}, {words.age(child, day)}" for child in children]
    return " · ".join(told) or "The whole household"


def state(item: QueueItem) -> str:
    """Whether someone has answered: waiting, acknowledged or decided."""
    if item.decided_at:
        return "decided"
    return "acknowledged" if item.acknowledged_at else "waiting"


def state_words(item: QueueItem, now: datetime) -> str:
    """Who took it up or decided it, and when."""
    if item.decided_at:
        return f"{item.decided_by_name}, {words.moment(item.decided_at, now)}"
    if item.acknowledged_at:
        return f"{item.acknowledged_by_name}, {words.moment(item.acknowledged_at, now)}"
    return f"Nobody yet, {words.duration(now - item.received_at)} since it arrived"
