"""Reading a rule pack that a person wrote: every problem with its line and the nearest word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from shared.checklist import Checklist
from shared.reading import Lines, Unreadable, read_yaml
from shared.rules import BadPack, Pack, from_doc
from shared.spelling import did_you_mean

LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a pack: the line, where in the document, and what to do about it."""

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f" ({self.path})" if self.path else ""
        return f"line {self.line}{where}: {self.message}"


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


def read_pack(raw: bytes, checklist: Checklist) -> Pack:
    """A pack from YAML. Raises UnfitPack with every problem found, and nothing else."""
    try:
        doc, lines = read_yaml(raw, limit=LARGEST)
    except Unreadable as problem:
        raise UnfitPack([Problem(problem.line or 1, "", problem.message)]) from problem
    problems = list(_problems(doc, lines))
    if problems:
        raise UnfitPack(problems)
    try:
        return from_doc(doc, checklist)
    except BadPack as problem:
        path = problem.path
        raise UnfitPack([Problem(lines.of(path), _words(path), str(problem))]) from problem


def _problems(doc: Any, lines: Lines) -> Iterator[Problem]:
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(schema()).iter_errors(doc):
        for cause in _causes(error):
            path = tuple(cause.absolute_path)
            for word in _odd_words(cause):
                here = (*path, word)
                known = sorted(cause.schema.get("properties", {}))
                message = f"{word!r} is not a word of the rule language here."
                yield Problem(lines.of(here), _words(here), message + did_you_mean(word, known))
            if cause.validator != "additionalProperties":
                yield Problem(lines.of(path), _words(path), _message(cause))


def _odd_words(error: Any) -> list[str]:
    if error.validator != "additionalProperties":
        return []
    return [word for word in error.instance if word not in error.schema.get("properties", {})]


def _causes(error: Any) -> list[Any]:
    """What is really wrong: within a choice of forms, the form that was meant."""
    if error.validator not in ("oneOf", "anyOf") or not error.context:
        return [error]
    forms: dict[int, list[Any]] = {}
    for each in error.context:
        forms.setdefault(each.schema_path[0], []).append(each)
    meant = min(forms.values(), key=_distance)
    return [cause for each in meant for cause in _causes(each)]


def _distance(errors: list[Any]) -> tuple[int, int]:
    """How far a document is from one form: first by words missing, then by errors."""
    astray = sum(e.validator in ("required", "additionalProperties", "type") for e in errors)
    shallow = sum(len(e.relative_path) == 0 for e in errors)
    return (shallow + astray, len(errors))


def _message(error: Any) -> str:
    match error.validator:
        case "enum":
            known = [str(word) for word in error.schema["enum"]]
            hint = did_you_mean(str(error.instance), known)
            return f"{error.instance!r} is not one of {', '.join(known)}.{hint}"
        case "required":
            missing = [word for word in error.schema["required"] if word not in error.instance]
            return f"needs {' and '.join(repr(word) for word in missing)}"
        case "type":
            return f"{error.instance!r} should be a {error.schema['type']}"
    return str(error.message)[:300]


def _words(path: tuple[str | int, ...]) -> str:
    return "/".join(str(step) for step in path)
