"""The packs that come with the program: checklist, rules and holidays, and the book of all three.

Authors write YAML, which only an office reads. A phone is sent the same packs as JSON documents
and reads them with `from_documents`, without YAML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from shared.checklist import Checklist
from shared.clocks import Holidays
from shared.reading import read_yaml

if TYPE_CHECKING:
    from shared.rules import Pack

HOLIDAYS_FORMAT = "threshold-holidays/1"
LARGEST = 1_000_000
_CHECKLIST = "checklists/infant-home-visit-1.yaml"
_RULES = "rules/england.yaml"
_HOLIDAYS = "holidays/england-and-wales.yaml"


@dataclass(frozen=True, slots=True)
class Book:
    """All that judging a family takes: what is asked, what the rules say, which days count."""

    checklist: Checklist
    rules: Pack
    holidays: Holidays


@cache
def checklist() -> Checklist:
    """Return the bundled checklist."""
    return Checklist.from_doc(_read(_CHECKLIST))


@cache
def holidays() -> Holidays:
    """Return the bundled bank holidays of England and Wales."""
    return holidays_from_doc(_read(_HOLIDAYS))


@cache
def england() -> Pack:
    """Return the bundled rules for England, compiled."""
    from shared import rules

    return rules.from_doc(_read(_RULES), checklist())


@cache
def book() -> Book:
    """Return the bundled checklist, rules and holidays together."""
    return Book(checklist(), england(), holidays())


def label(code: str) -> str:
    """Return the words for a code of the bundled rules (an action, a role, a rule)."""
    return england().label(code)


def rule_packs() -> dict[str, str]:
    """Return the bundled rule packs: id to the YAML text of each."""
    folder = files(__name__) / "rules"
    return {
        each.name.removesuffix(".yaml"): each.read_text("utf-8")
        for each in sorted(folder.iterdir(), key=lambda one: one.name)
        if each.name.endswith(".yaml")
    }


@cache
def rule_docs() -> dict[str, Any]:
    """Return the bundled rule packs as documents, by id: what a local pack may be based on."""
    return {id: read_yaml(text.encode(), limit=LARGEST)[0] for id, text in rule_packs().items()}


def documents() -> dict[str, Any]:
    """Return the bundled packs as JSON documents, for `from_documents` on a phone."""
    return {
        "checklist": checklist().to_doc(),
        "rules": england().to_doc(),
        "holidays": holidays_to_doc(holidays()),
    }


def from_documents(doc: object) -> Book:
    """Return the book that `documents` described. ValueError when it is no such document."""
    from shared import rules

    if not isinstance(doc, Mapping) or set(doc) != {"checklist", "rules", "holidays"}:
        raise ValueError("packs are a checklist, rules and holidays, and nothing else")
    asked = Checklist.from_doc(doc["checklist"])
    return Book(asked, rules.from_doc(doc["rules"], asked), holidays_from_doc(doc["holidays"]))


def holidays_from_doc(doc: object) -> Holidays:
    """Read a table of bank holidays; ValueError when it is not one."""
    try:
        if not isinstance(doc, Mapping) or doc["format"] != HOLIDAYS_FORMAT:
            raise ValueError(f"a table of holidays says format: {HOLIDAYS_FORMAT}")
        dates = frozenset(date.fromisoformat(each["date"]) for each in doc["dates"])
        last = date.fromisoformat(doc["last"])
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"this is not a table of holidays: {wrong!r}") from wrong
    if not dates or last < max(dates):
        raise ValueError("a table of holidays has days, none of them after its last")
    return Holidays(dates, last)


def holidays_to_doc(table: Holidays) -> dict[str, Any]:
    """Return the JSON document that `holidays_from_doc` reads back as an equal table."""
    dates = [{"date": each.isoformat()} for each in sorted(table.dates)]
    return {"format": HOLIDAYS_FORMAT, "last": table.last.isoformat(), "dates": dates}


def _read(path: str) -> Any:
    raw = (files(__name__) / path).read_bytes()
    return read_yaml(raw, limit=LARGEST)[0]
