"""A replay as tables for a terminal: the timeline, and what was raised, why and what was due."""

from __future__ import annotations

import sys
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backend.replay_words import NOTE, done_by, kind, known, raised_by, when
from backend.replaying import Replay
from shared import facts
from shared.because import BASIS_WORDS, answer_words
from shared.checklist import level_of, rank
from shared.escalation import Escalation, RequiredAction
from shared.facts import Answer, Event
from shared.items import Checklist
from shared.ladder import Rung

_COLOURS = {"I": "bold red", "S": "yellow"}


def print_tables(done: Replay, file: TextIO | None = None) -> None:
    """Write a replay to a terminal or a pipe, as wide as that is (80 columns for a pipe)."""
    out = file or sys.stdout
    if hasattr(out, "reconfigure"):
        out.reconfigure(errors="replace")  # a terminal without UTF-8 loses a quote mark, not all
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    rules = done.book.rules
    console.print(Text(done.case.title or done.case.id, style="bold"))
    console.print(Text(f"Case {done.case.id}, under {rules.name}, until {when(done.until)}."))
    for source in done.case.sources:
        console.print(Text(f"Source: {source}"))
    console.print()
    console.print(_timeline(done))
    console.print()
    console.print(_raised(done))
    console.print(Text(NOTE, style="dim"))


def _table(title: str, *columns: tuple[str, int | None]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", expand=True)
    table.show_lines = True
    for name, width in columns:
        table.add_column(name, width=width, overflow="fold", ratio=None if width else 1)
    return table


def _timeline(done: Replay) -> Table:
    table = _table("What was recorded", ("When", 11), ("What", None), ("Raised", 12))
    marks = raised_by(done)
    for event in known(done):
        words = "\n".join(marks.get(event.id, ()))
        table.add_row(when(event.at), _event(event, done.book.checklist), words)
    return table


def _event(event: Event, checklist: Checklist) -> Text:
    by = done_by(event)
    text = Text(f"{event.id}: {kind(event)}{f' ({by})' if by else ''}")
    if event.received_at != event.at:
        text.append(f", received {when(event.received_at)}")
    if isinstance(event, facts.Visit | facts.Report):
        for answer in event.answers:
            _add_answer(text, answer, checklist)
    return text


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


def _raised(done: Replay) -> Table:
    if not done.escalations:
        table = _table("What was raised", ("", None))
        table.add_row("Nothing.")
        return table
    table = _table("What was raised", ("When", 11), ("Rule", 14), ("Why, and what is due", None))
    for each in done.escalations:
        rule = Text(f"{each.rule}\n{each.rule_name}\n")
        rule.append(f"Level {each.level}", style=_COLOURS.get(each.level, ""))
        table.add_row(when(each.raised_at), rule, _why(each, done))
    return table


def _why(escalation: Escalation, done: Replay) -> Text:
    label = done.book.rules.label
    text = Text(escalation.because)
    for action in escalation.actions:
        text.append(f"\n- {label(action.code)}: {label(action.who)}, ")
        text.append(*_due(action, done))
    text.append(f"\nTold: {_told(done.told[escalation.id], done)}.")
    if escalation.acknowledged_at:
        text.append(f"\nAcknowledged {when(escalation.acknowledged_at)}.")
    if escalation.decided_at:
        text.append(f"\nDecided {when(escalation.decided_at)}: {escalation.decision_reason}")
    return text


def _told(rungs: list[Rung], done: Replay) -> str:
    label = done.book.rules.label
    return "; ".join(f"{label(rung.role)} {when(rung.at)}" for rung in rungs)


def _due(action: RequiredAction, done: Replay) -> tuple[str, str]:
    if action.due_at is None:
        due = f"before {done.book.rules.label(action.before)}"
    else:
        due = f"by {when(action.due_at)}"
    if action.done_at is not None:
        return f"{due}: done {when(action.done_at)}", "green"
    return (f"{due}: not done", "red") if action.by_when < done.until else (due, "")
