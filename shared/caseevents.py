"""The events of a case file: what authors may leave out is filled in, what does not fit noted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from shared import facts
from shared.caseproblems import Problems
from shared.checklist import Checklist, check_answer
from shared.clocks import LONDON
from shared.facts import Event, Household
from shared.items import Item
from shared.reading import Path
from shared.spelling import did_you_mean, listed, quoted
from shared.wire import BadDocument, event_from_doc

MOST_EVENTS = 20_000
_TYPES = tuple(each for each in facts.EVENT_TYPES if each != "household")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIVE = time(17, 0)
_A_MOMENT = "a date and time: 2026-02-03T10:30"
# Clocks of phones and servers differ a little; more than this is a slip of the author's.
_SKEW = timedelta(minutes=5)
_LONGEST_ASSUMED = 300


def read_moment(said: Any) -> datetime:
    """Return the aware moment that words say; Europe/London when they name no offset.

    Half past one on the night the clocks go back comes twice: the first is meant, since the
    clocks of rules had better start too early than too late. Raises ValueError, in plain words,
    for anything that is no date and time, or was skipped when the clocks went forward.
    """
    found = _MOMENT.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        raise ValueError("this is missing" if said is None else f"this is {quoted(said)}")
    day, clock, offset = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{offset or ''}")
        local = moment if offset else moment.replace(tzinfo=LONDON)
        back = local.astimezone(UTC).astimezone(LONDON)
    except (ValueError, OverflowError):
        raise ValueError(f"{quoted(said)} is no date and time in the calendar") from None
    if back.year not in range(1990, 2101):
        raise ValueError(f"{quoted(said)} is too far off")
    if not offset and back.replace(tzinfo=None) != moment:
        raise ValueError(f"{quoted(said)} never was: the clocks went forward over it")
    return local


def assumed_words(doc: Mapping[str, Any], path: Path, problems: Problems) -> str:
    """Return what an author says is assumed of an event or a birth; "" where nothing is said."""
    if "assumed" not in doc:
        return ""
    said = doc["assumed"]
    if isinstance(said, str) and said.strip() and len(said) <= _LONGEST_ASSUMED:
        return said
    form = f"words, at most {_LONGEST_ASSUMED} characters: the date, and who saw it"
    problems.add((*path, "assumed"), f"this says what is assumed; it takes {form}")
    return ""


class EventReader:
    """Reads the events of one case, about one household.

    `assumed`, once read: by event id, what the author says is assumed of it, its date with it.
    It is a remark on the file and no part of the event.
    """

    def __init__(
        self,
        checklist: Checklist,
        household: Household,
        problems: Problems,
        rules: Mapping[str, Collection[str]],
    ) -> None:
        self.checklist = checklist
        self.household = household
        self.problems = problems
        self.rules = rules
        self.children = [each.id for each in household.children]
        self.adults = [each.id for each in household.adults]
        self.assumed: dict[str, str] = {}

    def read(self, docs: Any) -> list[Event]:
        """Return the events that are sound, in the order of the file; note what is wrong."""
        if not isinstance(docs, list) or not docs:
            self.problems.add(("events",), "a case has a list of at least one event")
            return []
        if len(docs) > MOST_EVENTS:
            self.problems.add(("events",), f"a case has at most {MOST_EVENTS:,} events")
            return []
        found = []
        for index, doc in enumerate(docs):
            event = self._event(doc, ("events", index))
            if event is not None:
                found.append((index, event))
        self._check_ids(docs)
        self._check_references(found, docs)
        return [event for _, event in found]

    def _event(self, doc: Any, path: Path) -> Event | None:
        if not isinstance(doc, dict):
            self.problems.add(path, "an event has keys and values: id, type, at and more")
            return None
        if doc.get("type") not in _TYPES:
            words = f"{quoted(doc.get('type'))} is no type of event: {listed(_TYPES, len(_TYPES))}."
            self.problems.add((*path, "type"), words + did_you_mean(doc.get("type"), _TYPES))
            return None
        for key in ("v", "household"):
            if key in doc:
                self.problems.add((*path, key), f"there is no key {quoted(key)} in a case file")
        assumed = assumed_words(doc, path, self.problems)
        filled = self._filled(doc, path)
        at, received = self._times(filled, path)
        if at is None or received is None:
            filled["at"] = "2000-01-01T00:00:00Z"  # said already; find what else is wrong
        filled |= {"v": 1, "household": "case"}
        try:
            event = event_from_doc(filled, received or datetime(2000, 1, 1, tzinfo=UTC))[1]
        except BadDocument as wrong:
            for inner, message in wrong.problems:
                self.problems.add((*path, *inner), message)
            return None
        self._check_answers(event, path)
        if assumed:
            self.assumed[event.id] = assumed
        return event

    def _filled(self, doc: Mapping[str, Any], path: Path) -> dict[str, Any]:
        apart = ("v", "household", "assumed")
        filled = {key: value for key, value in doc.items() if key not in apart}
        answers = filled.get("answers")
        if isinstance(answers, list):
            filled["answers"] = [self._completed(each) for each in answers]
        if filled.get("type") == "decision":
            filled = self._completed(filled)
        if filled.get("left_at") is not None:
            filled["left_at"] = self._moment(filled["left_at"], (*path, "left_at"))
        actions = filled.get("actions")
        if isinstance(actions, list):
            filled["actions"] = [
                self._dated(each, (*path, "actions", index)) for index, each in enumerate(actions)
            ]
        return {key: value for key, value in filled.items() if value is not _UNSAID}

    def _completed(self, doc: Any) -> Any:
        """Fill in what an author may leave out: the only child or adult; a list of one."""
        item = self._item(doc.get("item")) if isinstance(doc, dict) else None
        if item is None:
            return doc
        people = {"child": self.children, "adult": self.adults}.get(item.per, [])
        if doc.get("about") is None and len(people) == 1:
            doc = {**doc, "about": people[0]}
        if item.kind == "multi" and isinstance(doc.get("answer"), str):
            doc = {**doc, "answer": [doc["answer"]]}
        return doc

    def _item(self, code: Any) -> Item | None:
        return self.checklist.items.get(code) if isinstance(code, str) else None

    def _dated(self, action: Any, path: Path) -> Any:
        if not isinstance(action, dict) or "due" not in action:
            return action
        due = action["due"]
        if isinstance(due, str) and _DAY.fullmatch(due):
            due = self._day_at_five(due, (*path, "due"))
        else:
            due = self._moment(due, (*path, "due"), "a date, or a date and time: 2026-02-20")
        return {**action, "due": _ANY if due is _UNSAID else due}

    def _day_at_five(self, text: str, path: Path) -> Any:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.problems.add(path, f"{quoted(text)} is no date in the calendar")
            return _UNSAID
        return datetime.combine(day, _FIVE, LONDON).isoformat()

    def _times(self, filled: dict[str, Any], path: Path) -> tuple[datetime | None, datetime | None]:
        at_said = filled.pop("at", None)
        received_said = filled.pop("received_at", at_said)
        at_text = self._moment(at_said, (*path, "at"))
        if at_text is _UNSAID:
            return None, None
        filled["at"] = at_text
        at = datetime.fromisoformat(at_text).astimezone(UTC)
        if received_said is at_said:
            return at, at
        received_text = self._moment(received_said, (*path, "received_at"))
        if received_text is _UNSAID:
            return at, None
        received = datetime.fromisoformat(received_text).astimezone(UTC)
        if received < at - _SKEW:
            self.problems.add((*path, "received_at"), "this is before it happened (at)")
        return at, received

    def _moment(self, said: Any, path: Path, form: str = _A_MOMENT) -> Any:
        """Return a moment with its offset as text, or _UNSAID with the problem noted."""
        try:
            return read_moment(said).isoformat()
        except ValueError as wrong:
            self.problems.add(path, f"{wrong}; it takes {form}")
            return _UNSAID

    def _check_answers(self, event: Event, path: Path) -> None:
        if not isinstance(event, facts.Visit | facts.Report):
            return
        if not event.answers:
            self.problems.add((*path, "answers"), "this needs at least one answer")
        elif isinstance(event, facts.Visit):
            calls = sum(answer.item == "ACC-01" for answer in event.answers)
            if calls != 1:
                words = "a visit must answer ACC-01 (what happened when you called), once"
                self.problems.add((*path, "answers"), words)
        for index, answer in enumerate(event.answers):
            for words in check_answer(self.checklist, answer, self.household):
                self.problems.add((*path, "answers", index), words)

    def _check_ids(self, docs: list[Any]) -> None:
        seen: dict[str, int] = {}
        for index, doc in enumerate(docs):
            name = doc.get("id") if isinstance(doc, dict) else None
            if not isinstance(name, str):
                continue
            if name in seen:
                line = self.problems.lines.of(("events", seen[name]))
                words = f"the id {quoted(name)} was used already, on line {line}"
                self.problems.add(("events", index, "id"), words)
            seen.setdefault(name, index)

    def _check_references(self, found: list[tuple[int, Event]], docs: list[Any]) -> None:
        events = {doc["id"] for doc in docs if isinstance(doc, dict) and _is_text(doc.get("id"))}
        plans = self._plans(found, docs)
        for index, event in found:
            path = ("events", index)
            for key, word, known, what in self._references(event, events, plans):
                if word not in known:
                    every = sorted(known)
                    can = f": {listed(every)}" if every else ""
                    near = did_you_mean(word, known)
                    words = f"there is no {what} {quoted(word)} in this case{can}.{near}"
                    self.problems.add((*path, key), words)
            if isinstance(event, facts.Decision):
                self._check_concern(event, path)

    def _plans(self, found: list[tuple[int, Event]], docs: list[Any]) -> dict[str, set[str]]:
        """Return the actions of each plan, those of plans with other problems included."""
        plans: dict[str, set[str]] = {
            doc["plan"]: set()
            for doc in docs
            if isinstance(doc, dict) and doc.get("action") == "start" and _is_text(doc.get("plan"))
        }
        steps = [each for each in found if isinstance(each[1], facts.PlanStarted | facts.PlanEnded)]
        steps.sort(key=lambda each: each[1].at)
        in_force: set[str] = set()
        for index, event in steps:
            path = ("events", index)
            if isinstance(event, facts.PlanStarted):
                plans[event.plan].update(each.code for each in event.actions)
                if event.plan in in_force:
                    words = f"the plan {quoted(event.plan)} was started already"
                    self.problems.add((*path, "plan"), words)
                in_force.add(event.plan)
            elif isinstance(event, facts.PlanEnded) and event.plan in plans:
                if event.plan not in in_force:
                    self.problems.add((*path, "at"), "the plan was not in force then")
                in_force.discard(event.plan)
        return plans

    def _references(
        self, event: Event, events: Collection[str], plans: Mapping[str, set[str]]
    ) -> Iterator[tuple[str, str, Collection[str], str]]:
        """Yield each reference: its key, what it names, what there is, and the word for it."""
        if isinstance(event, facts.PlanStarted):
            for child in event.children:
                yield "children", child, self.children, "child"
        if isinstance(event, facts.Arrival):
            yield "child", event.child, self.children, "child"
        on = getattr(event, "on", None)
        if on is not None:
            yield "on", on, events, "event"
        if isinstance(event, facts.Visit) and event.amends is not None:
            yield "amends", event.amends, events, "event"
        rule = getattr(event, "rule", None)
        if rule is not None:
            yield "rule", rule, self.rules, "rule"
        plan = getattr(event, "plan", None)
        if plan is not None and not isinstance(event, facts.PlanStarted):
            yield "plan", plan, plans, "plan"
        if isinstance(event, facts.ActionDone) and plan in plans:
            yield "action", event.action, plans[str(plan)], f"action of plan {plan}"
        if isinstance(event, facts.ActionDone) and rule in self.rules:
            yield "action", event.action, self.rules[str(rule)], f"action of rule {rule}"

    def _check_concern(self, event: facts.Decision, path: Path) -> None:
        if event.item is None:
            return
        item = self._item(event.item)
        if item is None:
            near = did_you_mean(event.item, self.checklist.items)
            self.problems.add((*path, "item"), f"there is no item {quoted(event.item)}.{near}")
            return
        people = {"child": self.children, "adult": self.adults}.get(item.per)
        if people is None and item.per == "household" and event.about is not None:
            self.problems.add(
                (*path, "about"), f"{item.code} is about the household, so no 'about'"
            )
        if people is not None and event.about not in people:
            near = did_you_mean(event.about, people)
            words = f"{item.code} is about one {item.per}: {listed(people)}.{near}"
            self.problems.add((*path, "about"), words)


class _Unsaid:
    """A time that was not said, or not one; the problem is noted where it stands."""


_UNSAID = _Unsaid()
_ANY = "2000-01-01T00:00:00+00:00"


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
