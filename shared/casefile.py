"""The case file: one household's history as plain data, read whole or refused whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared import packs
from shared.caseevents import EventReader, assumed_words
from shared.caseproblems import BadCase, Problem, Problems, check_keys
from shared.checklist import Checklist
from shared.clocks import LONDON
from shared.documents import household_to_doc
from shared.facts import (
    Adult,
    Child,
    Event,
    Household,
    HouseholdRecorded,
    PlanStarted,
    Visit,
)
from shared.reading import Lines, Unreadable, lines_of_json, read_json, read_yaml
from shared.spelling import listed, quoted
from shared.wire import BadDocument, event_from_doc, event_to_doc

__all__ = ["FORMAT", "LARGEST", "BadCase", "CaseFile", "Problem", "moved", "read_case", "to_doc"]


FORMAT = "threshold-case/1"
LARGEST = 2_000_000
_TOP = ("format", "id", "title", "sources", "children", "adults", "events")
_CHILD = ("id", "born", "due", "gestation_weeks", "birth_weight_g", "bottle_fed", "assumed")
_ADULT = ("id",)
_CASE_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A household's history; `events` in the order received, who the family is first of all.

    `assumed` says in the author's words what is assumed of an event, by its id, and of a child's
    birth, by the child's: the date, and what else. What is not in it is not said to be assumed.
    """

    id: str
    title: str
    sources: tuple[str, ...]
    household: Household
    events: tuple[Event, ...]
    assumed: Mapping[str, str] = field(default_factory=dict)
    births_assumed: Mapping[str, str] = field(default_factory=dict)


def read_case(
    raw: bytes,
    *,
    checklist: Checklist,
    name: str = "case",
    rules: Mapping[str, frozenset[str]] | None = None,
) -> CaseFile:
    """Return the case that a YAML or JSON file holds.

    `name` is what messages call the file, and its ending (.json) says how to read it. `rules`:
    rule ids and their action codes known besides those of the bundled pack. Raises BadCase, with
    each problem's line, place and what was expected, and nothing else, when any part does not fit.
    """
    doc, lines = _parse(raw, name)
    problems = Problems(name, lines)
    sound = _check(doc, checklist, problems, _spoken_of(rules or {}))
    problems.raise_any()
    return _case(sound)


def _spoken_of(more: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Return the rules that a case may speak of, with the actions each requires.

    Not the ladder: it is how the others climb, and nothing is acknowledged or decided of it.
    """
    known = {rule.id: {each.code for each in rule.actions} for rule in packs.england().rules}
    for rule, actions in more.items():
        known.setdefault(rule, set()).update(actions)
    return known


def _parse(raw: bytes, name: str) -> tuple[Any, Lines]:
    braced = raw.lstrip()[:1] == b"{" and not name.lower().endswith((".yaml", ".yml"))
    try:
        if name.lower().endswith(".json") or braced:
            return read_json(raw, limit=LARGEST), lines_of_json(raw)
        return read_yaml(raw, limit=LARGEST)
    except Unreadable as wrong:
        raise BadCase(name, [Problem(wrong.line, "", wrong.message)]) from None


def _check(
    doc: Any, checklist: Checklist, problems: Problems, rules: Mapping[str, Collection[str]]
) -> CaseFile:
    """Return what a document says, its events in the order of the file.

    Whatever does not fit goes to `problems`, as much as is found. Where there are problems
    the result is only good for finding more of them.
    """
    if not isinstance(doc, dict):
        problems.add((), f"a case file has keys and values: {listed(_TOP)}")
        problems.raise_any()
    check_keys(doc, _TOP, (), problems)
    if doc.get("format") != FORMAT:
        problems.add(("format",), f"this is {FORMAT}, not {quoted(doc.get('format'))}")
    case_id = doc.get("id")
    if not isinstance(case_id, str) or not _CASE_ID.fullmatch(case_id):
        problems.add(("id",), "an id is 1 to 64 letters, digits and '-'")
        case_id = "case"
    title = _words(doc, "title", problems)
    household = _household(doc, case_id, problems)
    sources = doc.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(each, str) for each in sources):
        problems.add(("sources",), "sources are a list of words")
        sources = []
    reader = EventReader(checklist, household, problems, rules)
    events = tuple(reader.read(doc.get("events")))
    births = _births_assumed(doc, problems)
    return CaseFile(case_id, title, tuple(sources), household, events, reader.assumed, births)


def _words(doc: Mapping[str, Any], key: str, problems: Problems) -> str:
    value = doc.get(key, "")
    if isinstance(value, str) and len(value) <= 1000:
        return value
    problems.add((key,), "this takes words, at most 1,000 characters")
    return ""


def _household(doc: Mapping[str, Any], case_id: str, problems: Problems) -> Household:
    record: dict[str, Any] = {}
    for key, known in (("children", _CHILD), ("adults", _ADULT)):
        people = doc.get(key, [])
        if not isinstance(people, list):
            problems.add((key,), f"{key} are a list")
            people = []
        for index, each in enumerate(people):
            if isinstance(each, dict):
                check_keys(each, known, (key, index), problems)
        record[key] = [
            {name: each[name] for name in each if name in known and name != "assumed"}
            if isinstance(each, dict)
            else each
            for each in people
        ]
    if not record["children"] and not isinstance(doc.get("children"), dict | str | int):
        problems.add(("children",), "a case is about at least one child, born or unborn")
    header = {"v": 1, "type": "household", "id": "household", "household": case_id}
    header |= {"at": "2000-01-01T00:00:00Z", "household_record": record}
    try:
        event = event_from_doc(header, _ANY_TIME)[1]
    except BadDocument as wrong:
        for path, message in wrong.problems:
            problems.add(path[1:], message)
        return _half_known(case_id, record)
    return event.household if isinstance(event, HouseholdRecorded) else Household(id=case_id)


def _births_assumed(doc: Mapping[str, Any], problems: Problems) -> dict[str, str]:
    children = doc.get("children")
    said = {
        str(each.get("id")): assumed_words(each, ("children", index), problems)
        for index, each in enumerate(children if isinstance(children, list) else [])
        if isinstance(each, dict)
    }
    return {child: words for child, words in said.items() if words}


def _half_known(case_id: str, record: Mapping[str, Any]) -> Household:
    # So that a slip in one child does not make every answer about it a second problem.
    ids = {
        key: [
            each["id"]
            for each in record[key]
            if isinstance(each, dict) and isinstance(each.get("id"), str)
        ]
        for key in ("children", "adults")
    }
    return Household(
        id=case_id,
        children=tuple(Child(id=each) for each in dict.fromkeys(ids["children"])),
        adults=tuple(Adult(id=each) for each in dict.fromkeys(ids["adults"])),
    )


def _case(sound: CaseFile) -> CaseFile:
    ids = {event.id for event in sound.events}
    header = "household"
    while header in ids:
        header += "-"
    recorded = HouseholdRecorded(
        id=header,
        at=min(event.at for event in sound.events),
        received_at=min(event.received_at for event in sound.events),
        household=sound.household,
    )
    # Sorting keeps the order of the file among events received at the same moment.
    events = sorted(sound.events, key=lambda event: event.received_at)
    return replace(sound, events=(recorded, *events))


def to_doc(case: CaseFile) -> dict[str, Any]:
    """Return the case file of a case: plain data that `read_case` reads back as the same history.

    Names, addresses and phone numbers are left out, since a case file holds none.
    """
    people = household_to_doc(case.household)
    for each in (*people["children"], *people["adults"]):
        each.pop("name", None)
        each.pop("relation", None)
    for each in people["children"]:
        if each["id"] in case.births_assumed:
            each["assumed"] = case.births_assumed[each["id"]]
    doc: dict[str, Any] = {"format": FORMAT, "id": case.id, "title": case.title}
    if case.sources:
        doc["sources"] = list(case.sources)
    doc["children"], doc["adults"] = people["children"], people["adults"]
    doc["events"] = [
        _event_doc(case, each) for each in case.events if not isinstance(each, HouseholdRecorded)
    ]
    return doc


def _event_doc(case: CaseFile, event: Event) -> dict[str, Any]:
    doc = event_to_doc(case.household.id, event)
    del doc["v"], doc["household"]
    if event.id in case.assumed:
        doc["assumed"] = case.assumed[event.id]
    doc["at"] = _local(event.at)
    if event.received_at != event.at:
        doc["received_at"] = _local(event.received_at)
    if isinstance(event, Visit) and event.left_at:
        doc["left_at"] = _local(event.left_at)
    if isinstance(event, PlanStarted):
        for action, each in zip(doc.get("actions", ()), event.actions, strict=True):
            action["due"] = _local(each.due)
    return doc


def _local(moment: datetime) -> str:
    return moment.astimezone(LONDON).isoformat()


def moved(case: CaseFile, days: int, rename: Callable[[Event], str]) -> CaseFile:
    """Return the same history `days` later, at the same times of day, under other event ids.

    `rename` is given each event with its times already moved, and returns its new id; what
    refers to an event follows it. Births and dates of plans move as well, so ages stay.
    """
    shifted = [_shifted(event, days) for event in case.events]
    ids = {event.id: rename(event) for event in shifted}
    events = tuple(_renamed(event, ids) for event in shifted)
    assumed = {ids[event]: words for event, words in case.assumed.items()}
    household = _grown(case.household, days)
    return replace(case, household=household, events=events, assumed=assumed)


def _shifted(event: Event, days: int) -> Event:
    changes: dict[str, Any] = {
        "at": _later(event.at, days),
        "received_at": _later(event.received_at, days),
    }
    if isinstance(event, HouseholdRecorded):
        changes["household"] = _grown(event.household, days)
    if isinstance(event, Visit) and event.left_at:
        changes["left_at"] = _later(event.left_at, days)
    if isinstance(event, PlanStarted):
        changes["actions"] = tuple(
            replace(each, due=_later(each.due, days)) for each in event.actions
        )
    return replace(event, **changes)


def _renamed(event: Event, ids: Mapping[str, str]) -> Event:
    changes = {"id": ids[event.id]}
    for reference in ("on", "amends"):
        named = getattr(event, reference, None)
        if named is not None:
            changes[reference] = ids[named]
    return replace(event, **changes)  # type: ignore[arg-type]  # only fields that each type has


def _later(moment: datetime, days: int) -> datetime:
    local = moment.astimezone(LONDON) + timedelta(days=days)  # the clock on the wall
    return local.astimezone(moment.tzinfo)


def _grown(household: Household, days: int) -> Household:
    children = tuple(
        replace(child, born=_on(child.born, days), due=_on(child.due, days))
        for child in household.children
    )
    return replace(household, children=children)


def _on(day: date | None, days: int) -> date | None:
    return None if day is None else day + timedelta(days=days)
