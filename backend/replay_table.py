"""A replay as tables for a terminal: the timeline, and what was raised, why and what was due."""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backend.replaying import Replay
from shared import facts
from shared.because import BASIS_WORDS, answer_words
from shared.checklist import level_of, rank
from shared.clocks import LONDON
from shared.escalation import Escalation, RequiredAction
from shared.facts import Answer, Event
from shared.items import Checklist
from shared.ladder import Rung

_COLOURS = {"I": "bold red", "S": "yellow"}
_NOTE = (
    "Levels, thresholds and clocks are proposals, to be signed off locally. A rule asks for a "
    "decision and a reason; it decides nothing."
)


def print_tables(done: Replay, file: TextIO | None = None) -> None:
    """Write a replay to a terminal or a pipe, as wide as that is (80 columns for a pipe)."""
    out = file or sys.stdout
    if hasattr(out, "reconfigure"):
        out.reconfigure(errors="replace")  # a terminal without UTF-8 loses a quote mark, not all
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    rules = done.book.rules
    console.print(Text(done.case.title or done.case.id, style="bold"))
    console.print(Text(f"Case {done.case.id}, under {rules.name}, until {_when(done.until)}."))
    for source in done.case.sources:
        console.print(Text(f"Source: {source}"))
    console.print()
    console.print(_timeline(done))
    console.print()
    console.print(_raised(done))
    console.print(Text(_NOTE, style="dim"))


def _table(title: str, *columns: tuple[str, int | None]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", expand=True)
    table.show_lines = True
    for name, width in columns:
        table.add_column(name, width=width, overflow="fold", ratio=None if width else 1)
    return table


def _timeline(done: Replay) -> Table:
    table = _table("What was recorded", ("When", 11), ("What", None), ("Raised", 12))
    marks = _marks(done)
    for event in done.case.events:
        if isinstance(event, facts.HouseholdRecorded) or event.received_at > done.until:
            continue
        words = "\n".join(marks.get(event.id, ()))
        table.add_row(_when(event.at), _event(event, done.book.checklist), words)
    return table


def _marks(done: Replay) -> dict[str, list[str]]:
    """Return what each event raised, or added to; what only counted later is not marked."""
    marks: dict[str, list[str]] = defaultdict(list)
    for escalation in done.escalations:
        if escalation.subject is not None:
            continue  # raised by time, not by an event
        for evidence in escalation.evidence:
            if evidence.at < escalation.raised_at:
                continue
            first = evidence.at == escalation.raised_at
            mark = escalation.rule if first else f"{escalation.rule} again"
            if mark not in marks[evidence.event]:
                marks[evidence.event].append(mark)
    return marks


def _event(event: Event, checklist: Checklist) -> Text:
    by = done_by(event)
    text = Text(f"{event.id}: {_kind(event)}{f' ({by})' if by else ''}")
    if event.received_at != event.at:
        text.append(f", received {_when(event.received_at)}")
    if isinstance(event, facts.Visit | facts.Report):
        for answer in event.answers:
            _add_answer(text, answer, checklist)
    return text


def done_by(event: Event) -> str:
    """Return who recorded an event, and for whom they work."""
    return ", ".join(each for each in (event.by, event.agency.replace("_", " ")) if each)


def _add_answer(text: Text, answer: Answer, checklist: Checklist) -> None:
    item = checklist.items[answer.item]
    level = level_of(item, answer.value)
    if rank(level) < rank("U") and answer.item != "ACC-01":
        return  # what is as it should be would bury the rest
    about = f", {answer.about}" if answer.about else ""
    basis = "" if answer.basis == "seen" else f" ({BASIS_WORDS[answer.basis]})"
    words = answer_words(checklist, answer.item, answer.value)
    text.append(f"\n{level} ", style=_COLOURS.get(level, ""))
    text.append(f"{answer.item}{about}: {words}{basis}")
    if answer.note:
        text.append(f"\n  {answer.note}", style="italic")


def _kind(event: Event) -> str:
    if isinstance(event, facts.PlanStarted):
        condition = ", with the no-access condition" if event.no_access else ""
        return f"{event.kind.replace('_', ' ')} plan {event.plan} begins{condition}"
    if isinstance(event, facts.PlanEnded):
        return f"plan {event.plan} ends"
    if isinstance(event, facts.Arrival):
        return f"{event.kind.replace('_', ' ')}: {event.child}"
    if isinstance(event, facts.ClosureRequest):
        return f"request to {event.kind.replace('_', ' ')}{f' {event.plan}' if event.plan else ''}"
    if isinstance(event, facts.Decision):
        on = f" on {event.rule}" if event.rule else f" on {event.item}" if event.item else ""
        return f"decision, {event.kind.replace('_', ' ')}{on}: {event.reason}"
    if isinstance(event, facts.Disagreed):
        return f"disagrees: {event.reason}"
    if isinstance(event, facts.Acknowledged):
        return f"acknowledges {event.rule}"
    if isinstance(event, facts.ActionDone):
        return f"done: {event.action.replace('_', ' ')} {event.note}".rstrip()
    return "visit" if isinstance(event, facts.Visit) else "report"


def _raised(done: Replay) -> Table:
    if not done.escalations:
        table = _table("What was raised", ("", None))
        table.add_row("Nothing.")
        return table
    table = _table("What was raised", ("When", 11), ("Rule", 14), ("Why, and what is due", None))
    for each in done.escalations:
        rule = Text(f"{each.rule}\n{each.rule_name}\n")
        rule.append(f"Level {each.level}", style=_COLOURS.get(each.level, ""))
        table.add_row(_when(each.raised_at), rule, _why(each, done))
    return table


def _why(escalation: Escalation, done: Replay) -> Text:
    label = done.book.rules.label
    text = Text(escalation.because)
    for action in escalation.actions:
        text.append(f"\n- {label(action.code)}: {label(action.who)}, ")
        text.append(*_due(action, done))
    text.append(f"\nTold: {_told(done.told[escalation.id], done)}.")
    if escalation.acknowledged_at:
        text.append(f"\nAcknowledged {_when(escalation.acknowledged_at)}.")
    if escalation.decided_at:
        text.append(f"\nDecided {_when(escalation.decided_at)}: {escalation.decision_reason}")
    return text


def _told(rungs: list[Rung], done: Replay) -> str:
    label = done.book.rules.label
    return "; ".join(f"{label(rung.role)} {_when(rung.at)}" for rung in rungs)


def _due(action: RequiredAction, done: Replay) -> tuple[str, str]:
    if action.due_at is None:
        due = f"before {done.book.rules.label(action.before)}"
    else:
        due = f"by {_when(action.due_at)}"
    if action.done_at is not None:
        return f"{due}: done {_when(action.done_at)}", "green"
    return (f"{due}: not done", "red") if action.by_when < done.until else (due, "")


def _when(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%b %Y %H:%M}"
