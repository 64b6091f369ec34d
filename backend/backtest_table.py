"""A back-test as tables for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backend.backtest_words import (
    CHANGE_WORDS,
    COUNTED,
    NOTE,
    family,
    is_changed,
    level,
    mean,
    peak,
    plural,
    span,
)

_MOST_FAMILIES = 10


def print_report(report: Mapping[str, Any], file: TextIO | None = None) -> None:
    """Write a back-test to a terminal or a pipe, as wide as that is (80 columns for a pipe)."""
    out = file or sys.stdout
    if hasattr(out, "reconfigure"):
        out.reconfigure(errors="replace")  # a terminal without UTF-8 loses a quote mark, not all
    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for line in _opening(report):
        console.print(line)
    console.print()
    console.print(_rules(report["rules"]))
    for rule in report["rules"]:
        for line in _changes(rule):
            console.print(line)
    for title, key in (("Told of escalations, a month", "told"), ("Actions, a month", "actions")):
        console.print()
        console.print(_load(title, report[key]))
    console.print()
    for words in (*COUNTED, NOTE):
        console.print(Text(words, style="dim"))


def _opening(report: Mapping[str, Any]) -> Iterator[Text]:
    yield Text("Back-test of a change of rules", style="bold")
    for side in ("a", "b"):
        pack = report["packs"][side]
        yield Text(
            f"{side.upper()}: {pack['id']}/{pack['version']}, {pack['title']}, {pack['from']}"
        )
    yield Text(span(report))
    if report["unreadable"]:
        count = len(report["unreadable"])
        yield Text(
            f"{count:,} files could not be read; they are named at the end.", style="bold red"
        )


def _rules(rules: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(
        title="Escalations, by rule", title_justify="left", title_style="bold", expand=True
    )
    table.add_column("Rule", ratio=1, no_wrap=True, overflow="ellipsis")
    for name, width in (("Level", 6), ("A", 7), ("B", 7), ("Only A", 7), ("Only B", 7)):
        table.add_column(name, width=width, justify="left" if name == "Level" else "right")
    for rule in rules:
        counts = rule["escalations"]
        style = "" if is_changed(rule) else "dim"
        table.add_row(
            f"{rule['rule']} {rule['name']}",
            level(rule),
            *(f"{counts[key]:,}" for key in ("a", "b", "only_a", "only_b")),
            style=style,
        )
    return table


def _changes(rule: Mapping[str, Any]) -> Iterator[Text]:
    """What changes for which families, the first of them by name."""
    counts = rule["escalations"]
    parts = [(kind, entries) for kind, entries in rule["changes"].items() if entries]
    if not parts and not counts["other_level"]:
        return
    yield Text(f"\n{rule['rule']} {rule['name']}", style="bold")
    if counts["other_level"]:
        yield Text(f"  {counts['other_level']:,} raised under both, at another level")
    for kind, entries in parts:
        count = len(entries)
        yield Text(f"  {CHANGE_WORDS[kind]}: {count:,} {plural('family', count)}")
        for entry in entries[:_MOST_FAMILIES]:
            yield Text(f"    {entry['path']}: {family(entry, kind)}")
        if count > _MOST_FAMILIES:
            yield Text(f"    and {count - _MOST_FAMILIES:,} more")


def _load(title: str, load: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", expand=True)
    table.add_column("Who", ratio=1)
    for side in "AB":
        table.add_column(f"Mean {side}", width=7, justify="right")
    for side in "AB":
        table.add_column(f"Most {side}", width=16, justify="right")
    for each in load:
        sides = (each["a"], each["b"])
        table.add_row(each["label"], *map(mean, sides), *map(peak, sides))
    return table
