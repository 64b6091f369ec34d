"""A rule pack: what the words of the rule language mean, and a pack compiled to functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Any

from shared.checklist import Checklist
from shared.clocks import Clock, Holidays, due, parse_clock
from shared.conditions import CONDITIONS, name_of
from shared.counts import COUNTS
from shared.entries import Observation
from shared.facts import Event
from shared.looking import (
    Answer,
    BadCondition,
    Condition,
    Doc,
    Look,
    Selector,
    Test,
    Vocabulary,
    Wake,
)
from shared.patterns import PATTERNS
from shared.proofreading import faults
from shared.waking import Waking

Path = tuple[str | int, ...]


class BadPack(ValueError):
    """A rule pack that names what its checklist or it has not; `path` says where in it."""

    def __init__(self, message: str, path: Path = ()) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Branch:
    """One way an action can be due: the clock that runs where `test` holds."""

    test: Test | None
    clock: Clock | None
    before: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What a rule requires, of whom, and the first clock that applies."""

    code: str
    who: str
    branches: tuple[Branch, ...]
    done_by_deciding: bool

    def branch(self, look: Look) -> Branch | None:
        """The first way of being due that applies; None where none does."""
        for branch in self.branches:
            if branch.test is None or branch.test(look) not in (False, None):
                return branch
        return None

    def due_at(self, branch: Branch, start: datetime, holidays: Holidays) -> datetime | None:
        """When it is due, counted from `start`; None while what it is due before has no date."""
        return due(branch.clock, start, holidays) if branch.clock else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, compiled. `scope`: child, children or household, as `for` says."""

    id: str
    name: str
    level: str
    scope: str
    why: str
    on_device: bool
    raised_by_time: bool
    on: frozenset[str]
    when: Test
    wakes: tuple[Wake, ...]
    doc: Doc
    actions: tuple[Action, ...]
    decided_by: tuple[str, ...] | None

    def may_meet(self, event: Event) -> bool:
        """Whether events of this kind make us look at the rule."""
        return name_of(event) in self.on


@dataclass(frozen=True, slots=True)
class LadderTimes:
    """When an escalation of `level` climbs; only with a child under so many months, if given."""

    level: str
    child_under_months: int | None
    first: Clock
    repeat: Clock


@dataclass(frozen=True, slots=True)
class Interval:
    """How long may pass between times a child is seen, and whom that is for."""

    plan: str | tuple[str, ...]
    clock: Clock
    concern_open: str | None
    child_under_months: int | None


@dataclass(frozen=True, slots=True)
class SeenClock:
    """What counts as having seen a child, and how often that must be."""

    counts: Callable[[Observation], bool]
    item: str
    every: tuple[Interval, ...]
    at_most: tuple[int, Clock] | None
    calendar_under_months: int | None


@dataclass(frozen=True, slots=True)
class Pack:
    """A rule pack ready to judge with. `doc` is what it was made of."""

    id: str
    version: int
    rules: tuple[Rule, ...]
    rungs: tuple[str, ...]
    times: tuple[LadderTimes, ...]
    seen: SeenClock
    labels: Mapping[str, str]
    doc: Doc
    waking: Waking[Rule] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """`england/1`: the id and version that each escalation keeps."""
        return f"{self.id}/{self.version}"

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises StopIteration."""
        return next(rule for rule in self.rules if rule.id == rule_id)

    def label(self, code: str) -> str:
        """The words for an action, a role or an agency; the code, spaced, where it has none."""
        return self.labels.get(code, code.replace("_", " "))

    def to_doc(self) -> Doc:
        """The pack as plain data, as phones receive it."""
        return self.doc


def from_doc(doc: Doc, checklist: Checklist) -> Pack:
    """Compile a pack that its schema has accepted. Raises BadPack for what only we can see."""
    words = Vocabulary(checklist, CONDITIONS | COUNTS | PATTERNS, {}, [])
    for path, message in faults(doc, checklist):
        raise BadPack(message, path)
    terms = doc.get("terms", {})
    for name in _in_order(terms):
        words.terms[name] = _compiled(words, terms[name], ("terms", name))
    rules: list[Rule] = []
    for n, rule in enumerate(doc["rules"]):
        rules.append(_rule(rule, words, ("rules", n)))
    return Pack(
        id=doc["id"],
        version=doc["version"],
        rules=tuple(rules),
        rungs=tuple(doc["ladder"]["rungs"]),
        times=tuple(_times(times) for times in doc["ladder"]["times"]),
        seen=_seen(doc["seen"], checklist),
        labels=doc.get("labels", {}),
        doc=doc,
        waking=Waking(rules, words.selectors),
    )


def _in_order(terms: Mapping[str, Doc]) -> tuple[str, ...]:
    """The terms, each after those it names: a JSON object keeps no order on its way to a phone."""
    named = {name: terms.keys() & set(_terms_in(condition)) for name, condition in terms.items()}
    try:
        return tuple(TopologicalSorter(named).static_order())
    except CycleError as circle:
        names = circle.args[1]
        words = f"these terms name one another in a circle: {', '.join(names)}"
        raise BadPack(words, ("terms", names[0])) from circle


def _terms_in(doc: Any) -> Iterator[str]:
    parts = doc.values() if isinstance(doc, dict) else doc if isinstance(doc, list) else ()
    if isinstance(doc, dict) and isinstance(doc.get("term"), str):
        yield doc["term"]
    for part in parts:
        yield from _terms_in(part)


def _compiled(words: Vocabulary, condition: Doc, path: Path) -> Condition:
    try:
        return words.compile(condition)
    except BadCondition as problem:
        raise BadPack(str(problem), path) from problem
    except KeyError as name:
        raise BadPack(f"no term is called {name}", path) from name


def _rule(doc: Doc, words: Vocabulary, path: Path) -> Rule:
    events = frozenset(doc["on"]) - {"time"}
    when = _compiled(words, doc["when"], (*path, "when")) if events else Condition(_by_time)
    return Rule(
        id=doc["id"],
        name=doc["name"],
        level=doc["level"],
        scope=doc["for"],
        why=doc["why"],
        on_device=doc.get("on_device", False),
        raised_by_time="time" in doc["on"],
        on=events,
        when=when.test,
        wakes=when.wakes,
        doc=doc,
        actions=tuple(
            _action(action, words, (*path, "actions", n)) for n, action in enumerate(doc["actions"])
        ),
        decided_by=tuple(doc["decided_by"]) if "decided_by" in doc else None,
    )


def _by_time(look: Look) -> Answer:
    """What only the passing of time raises is never met by an event."""
    return False


def _action(doc: Doc, words: Vocabulary, path: Path) -> Action:
    return Action(
        code=doc["do"],
        who=doc["who"],
        done_by_deciding=doc.get("done_by_deciding", False),
        branches=tuple(_branch(each, words, path) for each in doc.get("first_of", [doc])),
    )


def _branch(doc: Doc, words: Vocabulary, path: Path) -> Branch:
    test = _compiled(words, doc["if"], (*path, "if")).test if "if" in doc else None
    if "before" in doc["due"]:
        return Branch(test, None, doc["due"]["before"])
    return Branch(test, parse_clock(doc["due"]))


def _times(doc: Doc) -> LadderTimes:
    return LadderTimes(
        level=doc["level"],
        child_under_months=doc.get("child_under_months"),
        first=parse_clock(doc["first"]),
        repeat=parse_clock(doc["repeat"]),
    )


def _seen(doc: Doc, checklist: Checklist) -> SeenClock:
    at_most = doc.get("at_most")
    days = ("working_days", "calendar_days")
    return SeenClock(
        counts=Selector(doc["by"], checklist),
        item=doc["by"]["answer"],
        every=tuple(
            Interval(
                plan=each["plan"] if isinstance(each["plan"], str) else tuple(each["plan"]),
                clock=parse_clock({kind: each[kind] for kind in days if kind in each}),
                concern_open=each.get("concern_open"),
                child_under_months=each.get("child_under_months"),
            )
            for each in doc["every"]
        ),
        at_most=(
            (
                at_most["child_under_months"],
                parse_clock({kind: at_most[kind] for kind in days if kind in at_most}),
            )
            if at_most
            else None
        ),
        calendar_under_months=doc.get("calendar_days_too", {}).get("child_under_months"),
    )
