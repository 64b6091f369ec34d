"""`threshold simulate`: write invented families, and the truth about each."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click
import orjson
import yaml

from backend import progress
from backend.casefiles import Stopped, over_cases
from backend.simulation.making import Options, make
from shared import packs

MOST_FAMILIES = 1_000_000
MOST_VISITS = 400
TRUTH = "truth.jsonl"
_TO_A_FOLDER = 1000


class CannotSimulate(Exception):
    """Families that cannot be written; the message is for the person who asked."""


def simulate(families: int, options: Options, out: Path, form: str = "json") -> Counter[str]:
    """Write so many families below a folder, and `truth.jsonl` beside them; return what was made.

    Raises CannotSimulate when the folder is not empty or cannot be written to.
    """
    _prepare(out)
    made: Counter[str] = Counter()
    work = partial(_write, options=options, out=out, form=form)
    try:
        with (
            (out / TRUTH).open("wb") as file,
            progress.shown("Inventing families") as told,
            closing(over_cases(range(families), work, progress=told)) as done,
        ):
            for each in done:
                if each.result is None:
                    raise CannotSimulate(f"Family {each.error}")
                file.write(orjson.dumps(each.result) + b"\n")
                _count(made, each.result)
    except OSError as wrong:
        raise CannotSimulate(f"{out}: {wrong.strerror or wrong}") from None
    except Stopped as stopped:
        raise CannotSimulate(str(stopped)) from None
    return made


def _prepare(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        held = next(out.iterdir(), None)
    except FileExistsError:
        raise CannotSimulate(f"{out} is a file; --out takes a folder.") from None
    except OSError as wrong:
        raise CannotSimulate(f"{out} cannot be written to: {wrong.strerror}.") from None
    if held is not None:
        raise CannotSimulate(
            f"{out} is not empty (there is {held.name}). Name a folder that is new or empty, so "
            "that nothing is written over and no other family is counted among these."
        )


def _write(number: int, options: Options, out: Path, form: str) -> dict[str, Any]:
    doc, truth = make(packs.book(), number, options)
    folder = f"{number // _TO_A_FOLDER + 1:04}"
    truth["file"] = f"{folder}/{doc['id']}.{form}"
    (out / folder).mkdir(exist_ok=True)
    (out / truth["file"]).write_bytes(_ENCODERS[form](doc))
    return truth


class _WrittenOut(yaml.CSafeDumper):
    """Writes what stands twice twice: a case file has no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Tell that nothing is to be named and referred to."""
        return True


def _yaml(doc: dict[str, Any]) -> bytes:
    return yaml.dump(doc, Dumper=_WrittenOut, sort_keys=False, allow_unicode=True).encode()


_ENCODERS: dict[str, Callable[[Any], bytes]] = {"json": orjson.dumps, "yaml": _yaml}


def _count(made: Counter[str], truth: dict[str, Any]) -> None:
    made["visits"] += truth["visits"]
    kind = "near misses" if "near_miss" in truth else "quiet" if truth["quiet"] else "planted"
    made[kind] += 1


@click.command("simulate")
@click.option(
    "--families", required=True, type=click.IntRange(1, MOST_FAMILIES), help="How many to invent."
)
@click.option("--seed", required=True, type=int, help="The same seed gives the same families.")
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder that is new or empty.",
)
@click.option(
    "--quiet-share",
    type=click.FloatRange(0, 1),
    default=0.8,
    show_default=True,
    help="The share of ordinary quiet families. Of the rest one in five is a near miss.",
)
@click.option(
    "--visits",
    type=click.IntRange(1, MOST_VISITS),
    help="About how many visits each family has; left out, as many as families differ in.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "yaml"]),
    default="json",
    show_default=True,
    help="How the case files are written.",
)
def simulate_command(
    families: int, seed: int, out: Path, quiet_share: float, visits: int | None, form: str
) -> None:
    """Invent families, some with planted patterns, and say which.

    Writes case files below DIR, and DIR/truth.jsonl: for each family whether it is quiet, what
    was planted, which rules must fire, and when. How often ordinary things happen is assumed
    (backend/simulation/rates.py). Ends with 2, and says why, when it cannot.
    """
    try:
        made = simulate(families, Options(seed, quiet_share, visits), out, form)
    except CannotSimulate as cannot:
        click.echo(str(cannot), err=True)
        sys.exit(2)
    click.echo(
        f"{families:,} invented families with {made['visits']:,} visits in {out}: "
        f"{made['quiet']:,} quiet, {made['planted']:,} with a planted pattern, "
        f"{made['near misses']:,} near misses. The truth about each is in {out / TRUTH}."
    )
