"""`threshold replay`: a case file through the engine, as if each event had arrived when it did."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import click

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


def replay(case: CaseFile, book: Book, until: datetime | None = None) -> Replay:
    """Return what the rules of a book raise on a case by `until` (aware).

    Left out, `until` is when the last event was received. What is received later is not known.
    """
    end = until or case.events[-1].received_at
    state = engine.Case(case.household, book)
    known = [event for event in case.events if event.received_at <= end]
    for at, together in groupby(known, key=lambda event: event.received_at):
        engine.receive(state, list(together), at)
    engine.advance(state, end)
    raised = sorted(
        state.escalations,
        key=lambda each: (each.raised_at.timestamp(), each.rule, each.children, each.id),
    )
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
    bundled = packs.rule_packs()
    if rules is None:
        return packs.book()
    raw = bundled[rules].encode() if rules in bundled else _bytes(rules, "rule pack")
    try:
        pack = read_pack(raw, packs.checklist())
    except UnfitPack as unfit:
        lines = [f"{rules}: {problem}" for problem in unfit.problems]
        raise CannotReplay("\n".join(lines)) from None
    return Book(packs.checklist(), pack, packs.holidays())


def read_file(path: str, book: Book) -> CaseFile:
    """Return the case of a file. Raises CannotReplay with every problem, each at its line."""
    rules = {each.id: frozenset(a.code for a in each.actions) for each in book.rules.rules}
    raw = _bytes(path, "case file")
    try:
        return read_case(raw, checklist=book.checklist, name=_shown(path), rules=rules)
    except BadCase as bad:
        raise CannotReplay(str(bad)) from None


def _bytes(path: str, what: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST + 1)  # a byte too many is enough to refuse it
    except (OSError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
        raise CannotReplay(f"{_shown(path)}: this {what} cannot be read: {reason}") from None


def _shown(path: str) -> str:
    return click.format_filename(path)


def _until(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = read_moment(text if len(text) > len("2026-03-01") else f"{text}T00:00")
    except ValueError as wrong:
        form = "a date, or a date and time: 2026-03-01T09:00"
        raise CannotReplay(f"--until: {wrong}; it takes {form}") from None
    return moment.astimezone(UTC)


@click.command("replay")
@click.argument("case", metavar="CASE")
@click.option("--rules", metavar="PACK", help="A rule pack: its file, or the id of a bundled one.")
@click.option("--until", metavar="TIME", help="Let the clocks run until then (Europe/London).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For reading, or for another program.",
)
def replay_command(case: str, rules: str | None, until: str | None, form: str) -> None:
    """Show what the rules would have raised on a case, and when.

    CASE is a case file, YAML or JSON. Without --until the clocks run until its last event was
    received. Ends with 2, and says why, when a file does not fit.
    """
    try:
        end = _until(until)
        book = read_book(rules)
        done = replay(read_file(case, book), book, end)
    except CannotReplay as cannot:
        click.echo(str(cannot), err=True)
        sys.exit(2)
    if form == "json":
        click.echo(json.dumps(to_json(done), indent=1))
        return
    from backend.replay_table import print_tables  # only a terminal needs rich

    print_tables(done)
