"""Reading a rule pack that a person wrote: every problem with its line and the nearest word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from shared.basing import authors_path, bundled_for, merged, misbased
from shared.checklist import Checklist
from shared.looking import Doc
from shared.misfits import misfits
from shared.proofreading import Fault, Path, faults
from shared.reading import Lines, Unreadable, read_yaml
from shared.remarks import remarks
from shared.rules import BadPack, Pack, from_doc

LARGEST = 1_000_000
# What the YAML reader says, and what an author can do about it.
_YAML = {
    "found character that cannot start any token": (
        "a value cannot start with this character; put the words in quotes"
    ),
    "mapping values are not allowed": (
        "there is a second ': ' on this line, or the line is indented too far; "
        "words that hold ': ' go in quotes"
    ),
    "could not find expected ':'": (
        "a key needs ': ' after it; words that go on over several lines are indented"
    ),
    "did not find expected key": (
        "this line is not indented like those it belongs with, or a quote above is not closed"
    ),
    "did not find expected '-' indicator": (
        "this line is not indented like those it belongs with, or lacks its '- '"
    ),
    "did not find expected ',' or": "a bracket is not closed, or a comma is missing",
    "found unexpected end of stream": "a quote is opened here and never closed",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a pack: the line, where in the document, and what to do about it."""

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.told}"

    @property
    def told(self) -> str:
        """The problem without its line: where in the document, and what to do about it."""
        return f"{self.path}: {self.message}" if self.path else self.message


class UnfitPack(ValueError):
    """A pack that cannot be used; `problems` says why, each with its line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the rule language, which editors complete and check against."""
    text = (files("shared.packs") / "rules.schema.json").read_text("utf-8")
    doc: dict[str, Any] = json.loads(text)
    return doc


def read_pack(raw: bytes, checklist: Checklist, bases: Mapping[str, Doc] | None = None) -> Pack:
    """A pack from YAML. Raises UnfitPack with every problem found, and nothing else.

    `bases` are the documents of the packs that it may be based on, by id.
    """
    return check_pack(raw, checklist, bases)[0]


def check_pack(
    raw: bytes, checklist: Checklist, bases: Mapping[str, Doc] | None = None
) -> tuple[Pack, list[Problem]]:
    """A pack as `read_pack` returns it, with what in it is likely to be a mistake."""
    try:
        local, lines = read_yaml(raw, limit=LARGEST)
    except Unreadable as problem:
        raise UnfitPack([_unreadable(problem, raw)]) from problem
    bases = bases or {}
    source = _Source(local, lines, local)
    source.refuse(misfits(local, schema()))
    source.refuse(list(misbased(local, bases)))
    base = bundled_for(local, bases)
    if base is not None:
        source = _Source(local, lines, merged(base, local))
    source.refuse(list(faults(source.whole, checklist)))
    try:
        pack = from_doc(source.whole, checklist)
    except BadPack as problem:
        raise UnfitPack([source.problem((problem.path, str(problem)))]) from problem
    known = {words for _, words in remarks(base)} if base else set()
    return pack, source.problems([odd for odd in remarks(source.whole) if odd[1] not in known])


@dataclass(frozen=True, slots=True)
class _Source:
    """What an author wrote, with its lines, and the whole pack that it makes."""

    local: Any
    lines: Lines
    whole: Any

    def refuse(self, found: list[Fault]) -> None:
        """Raise UnfitPack for what was found."""
        if found:
            raise UnfitPack(self.problems(found))

    def problems(self, found: list[Fault]) -> list[Problem]:
        """What was found, in the order of the author's lines."""
        return sorted(map(self.problem, dict.fromkeys(found)), key=lambda each: each.line)

    def problem(self, fault: Fault) -> Problem:
        """One fault at the author's line; at what it was based on where the base has the part."""
        path, message = fault
        own = authors_path(path, self.whole, self.local)
        if own is not None:
            return Problem(self.lines.of(own), _place(own, self.local), message)
        cause: Path = ("leave_out",) if "leave_out" in self.local else ("based_on",)
        where = f"in {self.whole['based_on']}, {_place(path, self.whole)}"
        return Problem(self.lines.of(cause), _place(cause, self.local), f"{where}: {message}")


def _unreadable(problem: Unreadable, raw: bytes) -> Problem:
    line = problem.line or 1
    lines = raw.decode("utf-8", "replace").splitlines()
    message = problem.message
    if message.startswith("this is not YAML: "):
        wrong = message.removeprefix("this is not YAML: ")
        words = next((words for said, words in _YAML.items() if wrong.startswith(said)), wrong)
        if "\t" in "".join(lines[max(line - 2, 0) : line]):
            words = "there is a tab here; YAML is indented with spaces"
        message = f"this is not YAML: {words}"
    return Problem(line, "", message)


def _place(path: Path, doc: Any) -> str:
    """A path as it is read: a rule goes by its id."""
    steps = [str(step) for step in path]
    if path[:1] == ("rules",) and len(path) > 1:
        rule = doc["rules"][path[1]]
        if isinstance(rule, dict) and isinstance(rule.get("id"), str):
            steps[:2] = [rule["id"][:40]]
    return "/".join(steps)
