"""`threshold backtest`: what a change of the rules would have changed, over many case files."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from backend.backtest_page.page import page
from backend.backtest_table import print_report
from backend.backtest_totals import Totals
from backend.backtesting import Compared, Packs, compare
from backend.casefiles import Progress, Stopped, Worked, find_cases, over_cases
from backend.cluster import over_cluster
from backend.progress import shown
from backend.replaying import CannotReplay, read_book, read_until

_BUNDLED = "england"


@click.command("backtest")
@click.argument("folder", metavar="DIR")
@click.option("--rules", metavar="A", help="The pack in use; left out: the bundled england.")
@click.option("--against", metavar="B", required=True, help="The pack to compare it with.")
@click.option("--until", metavar="TIME", help="Let the clocks run until then (Europe/London).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="For a terminal, for another program, or one page with plots.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="How many to use on this machine; left out: one for each core.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Use the Dask cluster there: tcp://host:8786")
def backtest_command(
    folder: str,
    rules: str | None,
    against: str,
    until: str | None,
    form: str,
    processes: int | None,
    scheduler: str | None,
) -> None:
    """Show what would change if rule pack B took the place of pack A.

    Replays every case file below DIR under both. A and B are files, or ids of bundled packs.
    Without --until the clocks of each case run until its last event was received. Ends with 2
    when anything cannot be read; what can is reported all the same.
    """
    try:
        if processes and scheduler:
            raise CannotReplay(
                "--processes is for this machine, --scheduler for a cluster: not both"
            )
        report = run(folder, rules, against, until, processes, scheduler)
    except (CannotReplay, Stopped) as cannot:
        click.echo(str(cannot), err=True)
        sys.exit(2)
    if form == "json":
        click.echo(json.dumps(report, indent=1))
    elif form == "html":
        click.echo(page(report))
    else:
        print_report(report)
    for each in report["unreadable"]:
        click.echo(each["message"], err=True)
    if report["unreadable"]:
        sys.exit(2)


def run(
    folder: str,
    rules: str | None,
    against: str,
    until: str | None,
    processes: int | None = None,
    scheduler: str | None = None,
) -> dict[str, Any]:
    """Return the report of a back-test as plain data. Raises CannotReplay and Stopped."""
    end = read_until(until)
    a, b = read_book(rules), read_book(against)
    paths = _cases(folder)
    totals = Totals()
    with (
        shown("Back-testing") as progress,
        closing(_spread(paths, Packs.of(a, b), end, processes, scheduler, progress)) as done,
    ):
        for each in done:
            path = each.case.relative_to(folder).as_posix()
            if each.result is None:
                totals.cannot_read(path, each.error or "")
            else:
                totals.add(path, each.result)
    return totals.to_doc(a, b, (rules or _BUNDLED, against), end)


def _cases(folder: str) -> list[Path]:
    try:
        paths = find_cases(Path(folder))
    except (OSError, ValueError) as wrong:
        raise CannotReplay(f"{click.format_filename(folder)}: cannot be read: {wrong}") from None
    if not paths:
        form = "YAML or JSON that says format: threshold-case/1"
        raise CannotReplay(
            f"{click.format_filename(folder)}: there are no case files here ({form})"
        )
    return paths


def _spread(
    paths: Sequence[Path],
    packs: Packs,
    until: datetime | None,
    processes: int | None,
    scheduler: str | None,
    progress: Progress,
) -> Generator[Worked[Path, Compared], None, None]:
    work = partial(compare, packs, until)
    if scheduler:
        return over_cluster(paths, work, address=scheduler, progress=progress)
    return over_cases(paths, work, processes=processes, progress=progress)
