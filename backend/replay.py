"""`threshold replay`: what the rules would have raised on a case file, and when."""

from __future__ import annotations

import json
import sys

import click

from backend.replay_page.page import page
from backend.replay_table import print_tables
from backend.replaying import (
    CannotReplay,
    read_book,
    read_file,
    read_until,
    replay,
    to_json,
)


@click.command("replay")
@click.argument("case", metavar="CASE")
@click.option("--rules", metavar="PACK", help="A rule pack: its file, or the id of a bundled one.")
@click.option("--until", metavar="TIME", help="Let the clocks run until then (Europe/London).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "html"]),
    default="table",
    show_default=True,
    help="For a terminal, for another program, or a page for a browser and for paper.",
)
def replay_command(case: str, rules: str | None, until: str | None, form: str) -> None:
    """Show what the rules would have raised on a case, and when.

    CASE is a case file, YAML or JSON. Without --until the clocks run until its last event was
    received. Ends with 2, and says why, when a file does not fit.
    """
    try:
        end = read_until(until)
        book = read_book(rules)
        done = replay(read_file(case, book), book, end)
    except CannotReplay as cannot:
        click.echo(str(cannot), err=True)
        sys.exit(2)
    if form == "json":
        click.echo(json.dumps(to_json(done), indent=1))
        return
    if form == "html":
        click.echo(page(done))
        return
    print_tables(done)
