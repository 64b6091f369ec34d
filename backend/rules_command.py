"""`threshold rules`: check a rule pack, say it in plain English, print the language's schema."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from functools import partial

import click

from backend.replaying import CannotReplay, pack_bytes, read_book
from shared import packs
from shared.basing import bundled_for, differences
from shared.explaining import Passage, explain
from shared.packs import Book
from shared.proofreading import mappings, nearest_code
from shared.rulebook import UnfitPack, check_pack, schema
from shared.rules import Pack
from shared.spelling import quoted

_STATUS = {
    "proposal": "a proposal, to be signed off locally",
    "signed_off": "signed off",
}
_WIDEST = 100


@click.group("rules")
def rules_command() -> None:
    """Rule packs: check them, read them in plain English, help an editor with them."""


@rules_command.command("check")
@click.argument("names", metavar="PACK...", nargs=-1, required=True)
def check(names: tuple[str, ...]) -> None:
    """Say what is wrong with rule packs, line by line.

    PACK is a pack's file, or the id of a bundled one. Ends with 2 when one cannot be used; what is
    only likely to be a mistake is said and does not count.
    """
    unfit = False
    for name in names:
        shown = click.format_filename(name)
        try:
            pack, remarks = check_pack(pack_bytes(name), packs.checklist(), packs.rule_docs())
        except CannotReplay as cannot:
            click.echo(str(cannot), err=True)
            unfit = True
        except UnfitPack as wrong:
            for problem in wrong.problems:
                click.echo(f"{shown}:{problem.line}: {problem.told}")
            unfit = True
        else:
            for remark in remarks:
                click.echo(f"{shown}:{remark.line}: look again: {remark.told}")
            click.echo(f"{shown}: {_summary(pack)}")
    if unfit:
        sys.exit(2)


def _summary(pack: Pack) -> str:
    count = len(pack.rules)
    rules = f"{count} rule{'s' * (count != 1)} and the ladder"
    return f"{pack.name} can be used: {rules}; {_STATUS[pack.doc['status']]}.{_based(pack)}"


def _based(pack: Pack) -> str:
    base = bundled_for(pack.doc, packs.rule_docs())
    if base is None:
        return ""
    words = "; ".join(differences(pack.doc, base)) or "changes nothing"
    return f" Based on {pack.doc['based_on']}: {words}."


@rules_command.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of the rule language, with which an editor completes and checks."""
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


@rules_command.command("explain")
@click.argument("name", metavar="PACK")
@click.argument("parts", metavar="[RULE]...", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="To read here, or to put into a document.",
)
def explain_command(name: str, parts: tuple[str, ...], form: str) -> None:
    """Say a rule pack in plain English, generated from its definition.

    PACK is a pack's file, or the id of a bundled one. Without RULE everything is said, else those
    rules and what they speak of; `seen` and `time` are parts too.
    """
    try:
        book = read_book(name)
        passages = _chosen(book, parts)
    except CannotReplay as cannot:
        click.echo(str(cannot), err=True)
        sys.exit(2)
    if form == "markdown":
        click.echo("\n\n".join(_markdown(book.rules, passages)))
    else:
        width = min(shutil.get_terminal_size().columns, _WIDEST)
        click.echo("\n\n".join(_text(book.rules, passages, width)))


def _chosen(book: Book, parts: Sequence[str]) -> list[Passage]:
    passages = explain(book.rules, book.checklist)
    known = [passage.id for passage in passages]
    for part in parts:
        if part not in known:
            near = nearest_code(part, known)
            raise CannotReplay(f"{book.rules.name} has no rule {quoted(part)}.{near}")
    wanted = {*parts}
    while more := _named_in(book.rules, wanted) - wanted:
        wanted |= more
    return [passage for passage in passages if not parts or passage.id in wanted]


def _named_in(pack: Pack, names: set[str]) -> set[str]:
    """The parts that some rules and terms speak of: terms, and what counts as seen."""
    terms = pack.doc.get("terms", {})
    parts = [rule for rule in pack.doc["rules"] if rule["id"] in names]
    parts += [term for name, term in terms.items() if name in names]
    found = [each for part in parts for _, each in mappings(part)]
    named = {each["term"] for each in found if isinstance(each.get("term"), str)}
    return named | ({"seen"} if any("not_seen" in each for each in found) else set())


def _head(pack: Pack) -> str:
    return f"{pack.name}: {_STATUS[pack.doc['status']]}.{_based(pack)}"


def _text(pack: Pack, passages: Sequence[Passage], width: int) -> Iterator[str]:
    fill = partial(textwrap.fill, width=width, break_on_hyphens=False)
    yield fill(pack.doc["title"]) + "\n" + fill(_head(pack))
    for passage in passages:
        lines = [fill(passage.heading), fill(passage.text)]
        lines += [fill(f"- {point}", subsequent_indent="  ") for point in passage.points]
        lines += [fill(passage.ending)] if passage.ending else []
        yield "\n".join(lines)


def _markdown(pack: Pack, passages: Sequence[Passage]) -> Iterator[str]:
    yield f"# {pack.doc['title']}"
    yield _head(pack)
    for passage in passages:
        yield f"## {passage.heading}"
        yield passage.text
        if passage.points:
            yield "\n".join(f"- {point}" for point in passage.points)
        if passage.ending:
            yield passage.ending
