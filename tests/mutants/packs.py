"""Change the bundled rules in every small way and see that the judge's tests notice.

    python -m tests.mutants.packs [--jobs 2] [PART ...]

A part is a rule's id, or seen, ladder or terms; without one, all are changed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from shared import packs
from shared.reading import read_yaml
from shared.rules import BadPack, from_doc
from tests.mutants.changes import Path, changes
from tests.mutants.trial import Mutant, Refused, run

PACK = "england"
# Not the tests that a rule is well worded: that other words come out proves nothing of the judge.
TESTS = (
    "tests/judge/rules",
    "tests/judge/test_standing.py",
    "tests/judge/test_one_for_the_family.py",
    "tests/judge/test_edges.py",
    "tests/judge/test_coventry.py",
)
# The table that is likeliest to notice, where it is not the rule's own.
TABLES = {"seen": "r06", "ladder": "r24", "terms": "r04"}


def mutants(only: Sequence[str]) -> Iterator[Mutant]:
    """A mutant for each change to the pack, or to some parts of it."""
    doc, lines = read_yaml(packs.rule_packs()[PACK].encode(), limit=packs.LARGEST)
    for path, change, new in changes(doc, packs.checklist()):
        part, *steps = _place(path, doc)
        if not only or part in only:
            where = f"line {lines.of(path)}, {'/'.join((part, *steps))}"
            table = TABLES.get(part, part).lower()
            yield Mutant(part, where, change, lambda new=new: _judge_by(new), (f"test_{table}_",))


def _place(path: Path, doc: Any) -> tuple[str, ...]:
    """A path as people read it: a rule goes by its id."""
    if path[0] == "rules":
        return str(doc["rules"][path[1]]["id"]), *map(str, path[2:])
    return tuple(map(str, path))


def _judge_by(doc: Any) -> None:
    """Let this pack stand where the bundled one does, from now on."""
    try:
        pack = from_doc(doc, packs.checklist())
    except BadPack as problem:
        raise Refused from problem
    book = packs.Book(packs.checklist(), pack, packs.holidays())
    packs.england, packs.book = lambda: pack, lambda: book


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("parts", nargs="*")
    told = parser.parse_args()
    sys.exit(run(mutants(told.parts), TESTS, told.jobs))
