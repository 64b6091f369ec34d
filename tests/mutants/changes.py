"""Every small change to a rule pack that a test ought to notice.

A pack says what its partnership signed off: so each number, answer, level, role and condition in it
is changed in turn. A change that the pack's own reader refuses is no mutant.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import chain
from typing import Any

from jsonschema import Draft202012Validator

from shared.checklist import Checklist
from shared.rulebook import schema

Path = tuple[str | int, ...]

# Words for people, and what names a thing: no judgement hangs on them.
WORDS = {"id", "name", "why", "title", "format", "version", "status", "labels", "do", "rule"}
# One word of several, and what it is changed to.
INSTEAD = {
    "for": ("child", "children", "household"),
    "count": ("dates", "sections", "items", "agencies"),
    "same": ("concern", "item_and_child"),
    "who": ("visitor", "team_manager", "service_manager"),
}
LEVELS = ("L", "S", "I")
OF_LEVEL = ("level", "at_least", "below", "concern_open_before", "concern_open")
CLOCKS = {"working_days": "calendar_days", "calendar_days": "working_days"}
JOINED = {"any": "all", "all": "any"}
NEGATED = {"not": "without", "without": "not"}
# Where lists of codes stand, and what else could stand in them.
EVENTS = ("visit", "report", "plan", "decision", "disagree", "pregnancy", "birth", "discharge")
MORE = {
    "event": EVENTS,
    "kind": ("lower_level", "close_concern", "refuse_referral", "decide"),
    "basis": ("told_by_parent", "seen", "told_by_professional"),
    "agency": ("hospital", "gp"),
    "plan": ("child_protection", "child_in_need"),
    "plan_in_force": ("child_protection", "child_in_need"),
    "decided_by": ("service_manager", "team_manager"),
}


def changes(doc: Any, checklist: Checklist) -> Iterator[tuple[Path, str, Any]]:
    """Every change to a pack that keeps to its schema: where, what, and the pack it leaves."""
    seen = {json.dumps(doc)}
    parts = ("seen", "ladder", "terms", "rules")
    for path, change, new in chain.from_iterable(_changes(doc, (p,), checklist) for p in parts):
        written = json.dumps(new)
        if written not in seen and _fits(new, path):
            seen.add(written)
            yield path, change, new


@cache
def _part(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema()["$defs"]})


def _fits(doc: Any, path: Path) -> bool:
    """Whether the part that was changed keeps to the schema, which the rest does already."""
    if path[0] == "rules":
        return len(path) > 1 and _part("rule").is_valid(doc["rules"][path[1]])
    if path[0] == "terms":
        return len(path) > 1 and _part("condition").is_valid(doc["terms"][path[1]])
    return _part(str(path[0])).is_valid(doc[path[0]])


def _changes(doc: Any, path: Path, checklist: Checklist) -> Iterator[tuple[Path, str, Any]]:
    """Each change at or below a path, with the whole document that it leaves."""
    here = _at(doc, path)
    for change, value in _instead(here, path, checklist, _at(doc, path[:-1]) if path else None):
        yield path, change, _put(doc, path, value)
    steps = here if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
    for step in steps:
        if step not in WORDS or (step == "rule" and path[:1] == ("terms",)):
            yield from _changes(doc, (*path, step), checklist)


def _instead(
    value: Any, path: Path, checklist: Checklist, around: Any
) -> Iterator[tuple[str, Any]]:
    key = path[-1] if path else ""
    if isinstance(value, bool):
        yield f"{value} -> {not value}", not value
    elif isinstance(value, int):
        yield f"{value} -> {value + 1}", value + 1
        yield f"{value} -> {value - 1}", value - 1
    elif isinstance(value, str):
        for other in _other_words(value, key, checklist):
            yield f"{value} -> {other}", other
    elif isinstance(value, list):
        yield from _shorter(value)
        for code in _neighbours(value, key, around, path, checklist):
            yield f"{code} added", [*value, code]
    elif isinstance(value, dict):
        yield from _other_keys(value, key)


def _other_words(value: str, key: str | int, checklist: Checklist) -> Iterator[Any]:
    if value in LEVELS and key in (
        "level",
        "at_least",
        "below",
        "concern_open_before",
        "concern_open",
    ):
        place = LEVELS.index(value)
        yield from LEVELS[max(place - 1, 0) : place] + LEVELS[place + 1 : place + 2]
    elif key == "answer" and value == "any":
        sections = [section.code for section in checklist.sections]
        for left_out in sections:
            yield [code for code in sections if code != left_out]
    elif key in ("plan", "plan_in_force"):
        yield from (["child_protection"], "none", "any")
    else:
        yield from (word for word in INSTEAD.get(str(key), ()) if word != value)


def _shorter(values: list[Any]) -> Iterator[tuple[str, Any]]:
    for n, each in enumerate(values):
        left = values[:n] + values[n + 1 :]
        yield f"{_brief(each)} removed", left


def _neighbours(
    values: list[Any], key: str | int, around: Any, path: Path, checklist: Checklist
) -> Iterator[str]:
    """Codes that stand beside those given and might be meant as well."""
    item = around.get("answer") or around.get("latest") if isinstance(around, dict) else None
    if key in checklist.items and "ignoring" in path:
        item = key
    if (key == "in" or item == key) and item in checklist.items:
        options = [option.code for option in checklist.items[item].options]
        beside = {
            options[n + step]
            for n, code in enumerate(options)
            for step in (-1, 1)
            if code in values and 0 <= n + step < len(options)
        }
        yield from sorted(beside - set(values))
    elif key in ("answer", "together", "evidence_about"):
        sections = [section.code for section in checklist.sections]
        yield from (code for code in sections if code not in values)
    else:
        yield from (code for code in MORE.get(str(key), ()) if code not in values)


def _other_keys(value: dict[str, Any], key: str | int) -> Iterator[tuple[str, Any]]:
    for each in value:
        if each in WORDS:
            continue
        if len(value) > 1:
            yield f"{each} dropped", {k: v for k, v in value.items() if k != each}
        for other in (JOINED, NEGATED, CLOCKS):
            if each in other:
                renamed = {other.get(k, k) if k == each else k: v for k, v in value.items()}
                yield f"{each} -> {other[each]}", renamed
        if each in NEGATED:
            yield f"{each} dropped", value[each]
        if each == "same_day":
            yield "same_day -> working_days: 1", {"working_days": 1}
    if "do" in value and "done_by_deciding" not in value:
        yield "done_by_deciding added", value | {"done_by_deciding": True}
    if "when" in value and "on_device" not in value:
        yield "on_device added", value | {"on_device": True}


def _brief(value: Any) -> str:
    words = str(value)
    return words if len(words) <= 70 else words[:67] + "..."


def _at(doc: Any, path: Path) -> Any:
    for step in path:
        doc = doc[step]
    return doc


def _put(doc: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    new = deepcopy(doc)
    _at(new, path[:-1])[path[-1]] = value
    return new
