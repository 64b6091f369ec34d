"""A case file through the engine, as if each event had arrived when it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from click import format_filename

from shared import engine, packs
from shared.caseevents import read_moment
from shared.casefile import LARGEST, BadCase, CaseFile, read_case
from shared.clocks import LONDON
from shared.escalation import Escalation, Evidence
from shared.ladder import Rung
from shared.packs import Book
from shared.rulebook import UnfitPack, read_pack


@dataclass(frozen=True, slots=True)
class Replay:
    """A case as it stood at `until`; `escalations` by when they were raised, then by rule."""

    case: CaseFile
    book: Book
    until: datetime
    escalations: list[Escalation]
    told: dict[str, list[Rung]]


class CannotReplay(Exception):
    """A file, pack or time that is not fit to replay; the message is for the person who asked."""


def replay(
    case: CaseFile, book: Book, until: datetime | None = None, *, worded: bool = True
) -> Replay:
    """Return what the rules of a book raise on a case by `until` (aware).

    Left out, `until` is when the last event was received. What is received later is not known.
    Not `worded`, the sentences that say why are left empty, which is quicker.
    """
    end = until or case.events[-1].received_at
    state = engine.Case(case.household, book, worded=False)
    known = [event for event in case.events if event.received_at <= end]
    for at, together in groupby(known, key=lambda event: event.received_at):
        engine.receive(state, list(together), at)
    engine.advance(state, end)
    raised = sorted(
        state.escalations,
        key=lambda each: (each.raised_at.timestamp(), each.rule, each.children, each.id),
    )
    for each in raised if worded else ():
        each.because = engine.because(state, book.rules.rule(each.rule), each)
    return Replay(case, book, end, raised, {e.id: engine.told(state, e, end) for e in raised})


def to_json(done: Replay) -> dict[str, Any]:
    """Return a replay as plain data; times are ISO 8601 with offset, in Europe/London."""
    rules = done.book.rules
    return {
        "case": done.case.id,
        "rules": {"id": rules.id, "version": rules.version},
        "until": _iso(done.until),
        "escalations": [_escalation(each, done.told[each.id]) for each in done.escalations],
    }


def _escalation(escalation: Escalation, told: list[Rung]) -> dict[str, Any]:
    return {
        "rule": escalation.rule,
        "level": escalation.level,
        "children": list(escalation.children),
        "raised_at": _iso(escalation.raised_at),
        "received_at": _iso(escalation.received_at),
        "because": escalation.because,
        "evidence": [_evidence(each) for each in escalation.evidence],
        "actions": [
            {
                "code": action.code,
                "who": action.who,
                "due_at": _iso(action.due_at),
                "done_at": _iso(action.done_at),
            }
            for action in escalation.actions
        ],
        "blockers": escalation.blockers,
        "ladder": [{"role": rung.role, "at": _iso(rung.at)} for rung in told],
        "acknowledged_at": _iso(escalation.acknowledged_at),
        "decided_at": _iso(escalation.decided_at),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    answer = evidence.answer
    doc: dict[str, Any] = {
        "event": evidence.event,
        "item": evidence.item,
        "answer": list(answer) if isinstance(answer, tuple) else answer,
        "about": evidence.about,
    }
    return doc if evidence.action is None else doc | {"action": evidence.action}


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(LONDON).isoformat() if moment else None


def read_book(rules: str | None) -> Book:
    """Return the bundled book, with another rule pack in it when one is named.

    `rules` is the id of a bundled pack, or the path of a pack's YAML. Raises CannotReplay.
    """
    if rules is None:
        return packs.book()
    try:
        pack = read_pack(pack_bytes(rules), packs.checklist(), packs.rule_docs())
    except UnfitPack as unfit:
        shown = rules if rules in packs.rule_packs() else _shown(rules)
        lines = [f"{shown}: {problem}" for problem in unfit.problems]
        raise CannotReplay("\n".join(lines)) from None
    return Book(packs.checklist(), pack, packs.holidays())


def pack_bytes(rules: str) -> bytes:
    """Return what a rule pack holds: a bundled one, by its id, or a file. Raises CannotReplay."""
    bundled = packs.rule_packs()
    return bundled[rules].encode() if rules in bundled else _bytes(rules, "rule pack")


def read_file(path: str, *books: Book) -> CaseFile:
    """Return the case of a file. Raises CannotReplay with every problem, each at its line.

    It may name the rules and actions of any of these books.
    """
    return read_raw(file_bytes(path), path, *books)


def read_raw(raw: bytes, path: str, *books: Book) -> CaseFile:
    """Return the case that the bytes of a file hold, as `read_file` does."""
    rules: dict[str, frozenset[str]] = {}
    for book in books:
        for rule in book.rules.rules:
            codes = frozenset(action.code for action in rule.actions)
            rules[rule.id] = rules.get(rule.id, frozenset()) | codes
    try:
        return read_case(raw, checklist=books[0].checklist, name=_shown(path), rules=rules)
    except BadCase as bad:
        raise CannotReplay(str(bad)) from None


def file_bytes(path: str) -> bytes:
    """Return what a case file holds. Raises CannotReplay, which says why it cannot be read."""
    return _bytes(path, "case file")


def read_until(text: str | None) -> datetime | None:
    """Return the moment that --until names, in UTC. Raises CannotReplay."""
    if text is None:
        return None
    try:
        moment = read_moment(text if len(text) > len("2026-03-01") else f"{text}T00:00")
    except ValueError as wrong:
        form = "a date, or a date and time: 2026-03-01T09:00"
        raise CannotReplay(f"--until: {wrong}; it takes {form}") from None
    return moment.astimezone(UTC)


def _bytes(path: str, what: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST + 1)  # a byte too many is enough to refuse it
    except (OSError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
        raise CannotReplay(f"{_shown(path)}: this {what} cannot be read: {reason}") from None


def _shown(path: str) -> str:
    return format_filename(path)
