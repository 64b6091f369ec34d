"""What the rules said on invented families, as tables for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

Doc = Mapping[str, Any]

_MOST_ITEMS = 5
NOTES = (
    "Raised: escalations. Spoke: how often people were told, since one that is open gathers what "
    "meets its rule again. Nobody in these families answers or does what is asked, so what is "
    "raised stays open, and each action that it asks for is in time said not to be done.",
    "How often ordinary things happen is assumed (backend/simulation/rates.py), and levels and "
    "thresholds are proposals, to be signed off locally.",
)


def print_alarms(report: Doc, file: TextIO | None = None) -> None:
    """Write a report to a terminal or a pipe, as wide as that is (80 columns for a pipe)."""
    console = Console(file=file or sys.stdout, highlight=False, markup=False, emoji=False)
    pack, families, quiet = report["pack"], report["families"], report["quiet"]
    console.print(Text(f"Alarms under {pack['id']}/{pack['version']}", style="bold"))
    console.print(
        f"{families['quiet']:,} quiet families with {quiet['visits']:,} visits, "
        f"{families['planted']:,} with a planted pattern, {families['near_misses']:,} near misses."
    )
    console.print()
    _print_quiet(console, report)
    _print_came(console, "Planted patterns", report["planted"], ("found", "missed"))
    _print_came(console, "Near misses", report["near_misses"], ("silent", "fired"))
    _print_failures(console, report)
    for words in NOTES:
        console.print(Text(words, style="dim"))


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", expand=True)
    table.add_column(first, ratio=1)
    for name in columns:
        table.add_column(name, justify="right", width=max(7, len(name)))
    return table


def _print_quiet(console: Console, report: Doc) -> None:
    quiet = report["quiet"]
    if not quiet["visits"]:
        console.print("There are no quiet families here.\n")
        return
    alerted, families = quiet["families_with_an_alert"], report["families"]["quiet"]
    console.print(
        f"Alerts on quiet families: {quiet['raised']:,}, or {quiet['per_100_visits']:.2f} per 100 "
        f"visits. Of these {quiet['echoes']:,} only say that what another asked for was not done; "
        f"without them it is {quiet['per_100_visits_without_echoes']:.2f} per 100 visits. "
        f"{alerted:,} families ({100 * alerted / families:.0f}%) had at least one."
    )
    table = _table("By rule, per 100 visits", "Rule", "Raised", "Spoke", "Families")
    rules = sorted(quiet["rules"], key=lambda each: -each["raised"])
    for each in rules:
        table.add_row(
            f"{each['rule']} {each['name']}",
            f"{each['per_100_visits']:.2f}",
            f"{each['spoke_per_100_visits']:.2f}",
            f"{each['families']:,}",
            style="" if each["raised"] else "dim",
        )
    console.print(table)
    console.print()
    _print_items(console, rules)
    table = _table("By who must act first, per 100 visits", "Who", "Raised")
    for each in quiet["first_to_act"]:
        label = report["labels"].get(each["role"], "nobody is named")
        table.add_row(label, f"{each['per_100_visits']:.2f}")
    console.print(table)
    console.print()


def _print_items(console: Console, rules: Sequence[Doc]) -> None:
    table = Table(title="What set them off", title_justify="left", title_style="bold", expand=True)
    table.add_column("Rule", width=4)
    table.add_column("Answers (R17: blockers) on its escalations, and on how many", ratio=1)
    for each in rules:
        most = list(each["items"].items())[:_MOST_ITEMS]
        if most:
            said = ", ".join(f"{item} {100 * n / each['raised']:.0f}%" for item, n in most)
            table.add_row(each["rule"], said)
    console.print(table)
    console.print()


def _print_came(console: Console, title: str, rules: Sequence[Doc], words: tuple[str, str]) -> None:
    if not rules:
        return
    well, badly = words
    table = _table(title, "Rule", well.capitalize(), badly.capitalize())
    for each in rules:
        style = "bold red" if each[badly] else ""
        table.add_row(
            f"{each['rule']} {each['name']}", f"{each[well]:,}", f"{each[badly]:,}", style=style
        )
    console.print(table)
    console.print()


def _print_failures(console: Console, report: Doc) -> None:
    for each in report["failures"]:
        verb = "was not found in" if each["kind"] == "planted" else "fired on the near miss of"
        console.print(
            f"{each['rule']} {verb} {each['case']}: {each['pattern']}, {each['from']}",
            style="bold red",
        )
    if report["more_failures"]:
        console.print(f"and {report['more_failures']:,} more")
    if report["failures"]:
        console.print()
