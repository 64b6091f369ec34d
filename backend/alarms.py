"""`threshold alarms`: how often the rules speak on families of which nobody needed to be told."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import click

from backend.alarm_counts import Counts, Heard, listen
from backend.alarm_table import print_alarms
from backend.casefiles import Stopped, over_cases
from backend.progress import shown
from backend.replaying import CannotReplay, read_book, read_file, replay
from backend.simulate import TRUTH
from shared.packs import Book

_KEYS = {"case": str, "file": str, "quiet": bool, "visits": int, "planted": list}


@click.command("alarms")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--rules", metavar="PACK", help="A rule pack: its file, or the id of a bundled one.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For reading, or for another program.",
)
def alarms_command(folder: Path, rules: str | None, form: str) -> None:
    """Count alerts on quiet invented families, and find the planted patterns.

    DIR is what `threshold simulate` wrote: case files and truth.jsonl. Ends with 2 when anything
    cannot be read; what can is reported all the same.
    """
    try:
        report = measure(folder, rules)
    except (CannotReplay, Stopped) as cannot:
        click.echo(str(cannot), err=True)
        sys.exit(2)
    if form == "json":
        click.echo(json.dumps(report, indent=1))
    else:
        print_alarms(report)
    for each in report["unreadable"]:
        click.echo(each, err=True)
    if report["unreadable"]:
        sys.exit(2)


def measure(folder: Path, rules: str | None = None) -> dict[str, Any]:
    """Return what the rules say on the families of a folder, as plain data.

    Raises CannotReplay where there is no truth to go by, and Stopped.
    """
    book = read_book(rules)
    families = [_Family(str(folder / each["file"]), each) for each in _truths(folder)]
    counts, unreadable = Counts(), []
    with shown("Replaying") as progress:
        for each in over_cases(families, partial(_hear, rules), progress=progress):
            if each.result is None:
                unreadable.append(each.error)
            else:
                counts.add(each.case.truth, each.result)
    pack = book.rules
    names = {rule.id: rule.name for rule in pack.rules}
    head = {"pack": {"id": pack.id, "version": pack.version}, "labels": _labels(book, counts)}
    return head | counts.to_doc(names) | {"unreadable": unreadable}


def _labels(book: Book, counts: Counts) -> dict[str, str]:
    return {who: book.rules.label(who) for _, who in counts.raised if who}


@dataclass(frozen=True, slots=True)
class _Family:
    """A case file with the truth about it; errors name it by its path."""

    path: str
    truth: dict[str, Any]

    def __str__(self) -> str:
        return self.path


@cache
def _book(rules: str | None) -> Book:
    return read_book(rules)


def _hear(rules: str | None, family: _Family) -> Heard:
    book = _book(rules)
    return listen(replay(read_file(family.path, book), book), family.truth)


def _truths(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / TRUTH
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        words = f"{path}: the truth about these families cannot be read: {reason}."
        raise CannotReplay(f"{words} `threshold simulate` writes it.") from None
    if not lines:
        raise CannotReplay(f"{path}: there are no families in it.")
    for number, line in enumerate(lines, 1):
        yield _truth(line, f"{path}, line {number}")


def _truth(line: str, where: str) -> dict[str, Any]:
    try:
        truth = json.loads(line)
        for key, kind in _KEYS.items():
            if not isinstance(truth[key], kind):
                raise TypeError(f"{key} is {truth[key]!r}")
        for due in (*truth["planted"], *truth.get("must_not_fire", ())):
            due["pattern"], due["from"], list(due["rules"])
    except (ValueError, KeyError, TypeError) as wrong:
        raise CannotReplay(
            f"{where}: this is no truth about a family ({wrong}); it takes {', '.join(_KEYS)}."
        ) from None
    return truth  # type: ignore[no-any-return]
