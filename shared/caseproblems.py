"""What does not fit in a case file: each problem with its line, its place and what was expected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from shared.reading import Lines, Path
from shared.spelling import did_you_mean, listed, quoted
from shared.wire import place

MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not fit: its line (None where there is none), its place, and what was expected."""

    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        """Return the problem as one line of words."""
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.path + ': ' if self.path else ''}{self.message}"


class BadCase(Exception):
    """A case file that is refused whole. `problems` are in the order of the file; `more` is how
    many were left out."""

    def __init__(self, name: str, problems: list[Problem], more: int = 0) -> None:
        self.name, self.problems, self.more = name, problems, more
        lines = [f"{name}: {problem}" for problem in problems]
        if more:
            lines.append(f"{name}: and {more} more")
        super().__init__("\n".join(lines))


@dataclass(slots=True)
class Problems:
    """Gathers what does not fit, each where it stands in the file."""

    name: str
    lines: Lines
    found: dict[tuple[Path, str], None] = field(default_factory=dict)

    def add(self, path: Path, message: str) -> None:
        """Note that the value at a path does not fit."""
        self.found.setdefault((path, message))

    def raise_any(self) -> None:
        """Raise BadCase when anything was noted."""
        if not self.found:
            return
        all_ = [
            Problem(self.lines.of(path), place(path) if path else "", message)
            for path, message in self.found
        ]
        all_.sort(key=lambda problem: problem.line or 0)
        raise BadCase(self.name, all_[:MOST_PROBLEMS], max(0, len(all_) - MOST_PROBLEMS))


def check_keys(
    doc: Mapping[str, Any], known: Collection[str], path: Path, problems: Problems
) -> None:
    """Note each key of a mapping at a path that is none of the known ones."""
    for key in islice((each for each in doc if each not in known), MOST_PROBLEMS):
        near = did_you_mean(key, known)
        keys = listed(known, len(known))
        problems.add((*path, key), f"there is no key {quoted(key)} here: {keys}.{near}")
